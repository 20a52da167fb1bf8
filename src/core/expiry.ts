import { readClaims } from './jwt.js'
import type { StoredTokens, TokenSet } from './tokens.js'

/** When a server accepts a refresh: some refuse it before the access token has expired, some after. */
export type RefreshTiming = 'any' | 'before-expiry' | 'after-expiry'

/** A `NumericDate` (RFC 7519 section 2) in milliseconds; what looks like milliseconds already is no such date. */
const instantOf = (numericDate: unknown): number | undefined =>
  typeof numericDate === 'number' && numericDate > 0 && numericDate < 1e11 ? numericDate * 1000 : undefined

/**
 * The instant on the local clock at which a token just received expires, or `null` when only the server knows.
 *
 * A lifetime counts from receipt, so that a wrong local clock does no harm: `expiresIn` first (RFC 6749 section 5.1),
 * then `exp - iat`. A bare `exp` is compared with the local clock, and not believed when it has passed already.
 */
export function expiryOf({ accessToken, expiresIn }: TokenSet, receivedAt: number): number | null {
  if (expiresIn) return receivedAt + expiresIn * 1000
  const claims = expiresIn === undefined ? readClaims(accessToken) : null
  const expires = instantOf(claims?.exp)
  if (expires === undefined) return null
  const issued = instantOf(claims?.iat)
  const expiresAt = issued === undefined ? expires : receivedAt + expires - issued
  return expiresAt > receivedAt ? expiresAt : null
}

/**
 * From when on a refresh may be started for a token that is still good. The default of 30 s takes at most a tenth of a
 * token's life, a chosen margin at most half. Half is the default too where the server accepts no refresh after the
 * expiry: a user who makes no request in that time has to sign in again.
 */
export function refreshDueAt(record: StoredTokens, timing: RefreshTiming, refreshAheadMs?: number): number {
  const { receivedAt, expiresAt } = record
  if (expiresAt === null) return Infinity
  if (timing === 'after-expiry') return expiresAt
  const lifeMs = expiresAt - receivedAt
  const defaultMs = timing === 'before-expiry' ? lifeMs : Math.min(30_000, lifeMs * 0.1)
  return expiresAt - Math.min(refreshAheadMs ?? defaultMs, lifeMs / 2)
}
