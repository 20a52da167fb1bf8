import { challengeErrorOf } from '../../http/challenge.js'
import { fieldOf, type Reply } from '../../http/reply.js'

/**
 * What a server has against the proof: at a token endpoint (RFC 9449 sections 5 and 8) or at an API (sections 7.1 and 9).
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
        ? challengeErrorOf(header('WWW-Authenticate'), 'dpop')
        : undefined
  return error === 'use_dpop_nonce' || error === 'invalid_dpop_proof' ? error : undefined
}
