import { readClaims } from '../../src/core/jwt.js'
import { fieldOf } from '../../src/core/own-fields.js'
import type { Reply } from '../../src/http/reply.js'
import { type Finding, finding } from './finding.js'
import type { SignIn } from './sign-in.js'

/** How a reply says that the server wants DPoP (RFC 9449 sections 5, 7.1 and 8); `undefined` where it does not. */
export function dpopSignIn({ body }: SignIn): string | undefined {
  const type = fieldOf(body, 'token_type') ?? fieldOf(body, 'tokenType')
  return String(type).toLowerCase() === 'dpop' ? 'token_type of the sign-in reply is DPoP' : undefined
}

/** The same, of an access token that is bound to a key. */
export function dpopToken(accessToken: string): string | undefined {
  const key = fieldOf(fieldOf(readClaims(accessToken), 'cnf'), 'jkt')
  return typeof key === 'string' ? 'the access token is bound to a key (cnf.jkt)' : undefined
}

export function dpopReply({ header, body }: Reply): string | undefined {
  const error = fieldOf(body, 'error')
  if (error === 'use_dpop_nonce' || error === 'invalid_dpop_proof') return `it answers ${error}`
  return /(^|,)\s*DPoP\b/i.test(header('WWW-Authenticate') ?? '')
    ? 'it answers WWW-Authenticate: DPoP'
    : undefined
}

/** @param code what to write in the app, where that is known */
export const dpopFinding = (why: string, code: string): Finding =>
  finding(
    'DPOP_WANTED',
    `This server wants DPoP: ${why}. Only the browser that holds the key can refresh such tokens, so no refresh was made`,
    `Write ${code}, and send your sign-in call with the fetch of that endpoint, which adds the proof`,
  )
