import { fieldOf } from '../../core/own-fields.js'
import type { Reply } from '../../http/reply.js'
import { dpopErrorOf } from './challenge.js'

/**
 * The error of a refused proof: at a token endpoint (RFC 9449 sections 5 and 8) or at an API (sections 7.1 and 9).
 * `undefined` for every other reply.
 */
export function proofErrorOf({
  status,
  header,
  body,
}: Reply): 'use_dpop_nonce' | 'invalid_dpop_proof' | undefined {
  const error =
    status === 400
      ? fieldOf(body, 'error')
      : status === 401
        ? dpopErrorOf(header('WWW-Authenticate'))
        : undefined
  return error === 'use_dpop_nonce' || error === 'invalid_dpop_proof' ? error : undefined
}
