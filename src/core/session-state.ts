import { type JwtClaims, readClaims } from './jwt.js'
import type { StoredTokens } from './tokens.js'

/** @inline */
export type SignedOutReason = 'none' | 'signed-out' | 'expired'

/** An immutable snapshot: the same object until something changes. */
export type SessionState<Claims = JwtClaims> =
  | { readonly status: 'loading' }
  | { readonly status: 'signed-out'; readonly reason: SignedOutReason }
  | {
      readonly status: 'signed-in'
      /** The access token's payload, decoded and not verified; `null` for an opaque token. */
      readonly claims: Claims | null
      /** Milliseconds since the epoch, by the local clock; `null` when only the server knows. */
      readonly expiresAt: number | null
      readonly refreshing: boolean
    }

/** Makes the snapshots: the last one again where nothing has changed, and its claims where the token is the same. */
export function createSnapshots<Claims>(): (
  last: SessionState<Claims>,
  isKnown: boolean,
  tokens: StoredTokens | null,
  reason: SignedOutReason,
  refreshing: boolean,
) => SessionState<Claims> {
  let shown: StoredTokens | null = null
  let claims: Claims | null = null
  return (last, isKnown, tokens, reason, refreshing) => {
    if (!isKnown) return last
    if (!tokens) {
      const isSame = last.status === 'signed-out' && last.reason === reason
      return isSame ? last : Object.freeze({ status: 'signed-out', reason })
    }
    if (last.status === 'signed-in' && shown === tokens && last.refreshing === refreshing) return last
    if (shown?.accessToken !== tokens.accessToken) {
      claims = Object.freeze(readClaims(tokens.accessToken)) as Claims | null
    }
    shown = tokens
    return Object.freeze({ status: 'signed-in', claims, expiresAt: tokens.expiresAt, refreshing })
  }
}
