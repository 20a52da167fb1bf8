import type { EventBody } from '../core/events.js'
import { expiryOf } from '../core/expiry.js'
import { readClaims } from '../core/jwt.js'
import type { Session } from '../core/session.js'
import type { TokenSource } from '../core/token-source.js'
import type { StoredTokens } from '../core/tokens.js'

/** What is odd about tokens that are used all the same, by warning code. Never holds a value. */
const messages = {
  EXP_UNUSABLE: 'The exp claim of the access token is no time in the future, in seconds since 1970',
  LIFETIME_TOO_LONG:
    'The access token has a lifetime of more than a year. Lifetimes are in seconds, not in milliseconds',
  SAME_TOKEN_TWICE: 'The access token and the refresh token are the same',
}

const yearMs = 366 * 86_400_000

/** The warnings that new tokens deserve. */
export function warningsOf({ accessToken, refreshToken, receivedAt, expiresAt }: StoredTokens): EventBody[] {
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

/**
 * Warns of odd tokens after each sign-in and refresh.
 *
 * @param takeHint a further warning of the tokens that the app signed in with
 */
export function watchTokens<Claims>(
  session: Session<Claims>,
  source: TokenSource,
  takeHint?: () => EventBody | undefined,
): void {
  session.on(({ type }) => {
    const { record } = source
    if (!record || (type !== 'signed-in' && type !== 'refresh-succeeded')) return
    for (const warning of warningsOf(record)) source.emit(warning)
    const hint = type === 'signed-in' && takeHint?.()
    if (hint) source.emit(hint)
  })
}
