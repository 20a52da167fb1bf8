import type { SessionNews } from './events.js'
import { expiryOf } from './expiry.js'
import { readClaims } from './jwt.js'
import type { StoredTokens } from './tokens.js'

/** What is odd about tokens that are used all the same, by warning code. Never told with a value. */
const messages = {
  EXP_UNUSABLE: 'The exp of the access token is not in the future, in seconds since 1970',
  LIFETIME_TOO_LONG: 'The access token is said to live for more than a year; lifetimes are in seconds',
  SAME_TOKEN_TWICE: 'The access token and the refresh token are the same',
}

const yearMs = 366 * 86_400_000

/** The warnings that tokens deserve which have just come. */
export function warningsOf({
  accessToken,
  refreshToken,
  receivedAt,
  expiresAt,
}: StoredTokens): SessionNews[] {
  const codes: (keyof typeof messages)[] = []
  if (expiresAt === null) {
    const exp = readClaims(accessToken)?.exp ?? undefined
    if (exp !== undefined && expiryOf({ accessToken }, receivedAt) === null) codes.push('EXP_UNUSABLE')
  } else if (expiresAt - receivedAt > yearMs) {
    codes.push('LIFETIME_TOO_LONG')
  }
  if (accessToken === refreshToken) codes.push('SAME_TOKEN_TWICE')
  return codes.map((code) => ({ type: 'warning', code, message: messages[code] }))
}
