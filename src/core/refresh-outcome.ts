import type { AuthError } from './errors.js'
import type { EventBody } from './events.js'
import type { StoredTokens, TokenSet } from './tokens.js'

/** What one call of the refresh endpoint came to. `hint` is a warning of the development build. */
export type RefreshOutcome = { hint?: EventBody | undefined } & (
  | { kind: 'refreshed'; tokens: TokenSet }
  /** The refresh token is dead: the one outcome that ends a session. */
  | { kind: 'ended'; error: AuthError }
  /** The access token has not expired by the server's clock. */
  | { kind: 'not-due' }
  /**
   * Trouble that passes. `isUnknown`: no reply came, so the refresh token may have been spent; `isSpent`: the server said
   * yes, though nothing usable came of it.
   */
  | {
      kind: 'retry'
      error: AuthError
      retryAfterMs?: number | undefined
      isUnknown?: boolean
      isSpent?: boolean
    }
  | { kind: 'misconfigured'; error: AuthError }
)

/** Calls the refresh endpoint once. Never rejects. */
export type CallRefresh = (tokens: TokenSet, signal: AbortSignal) => Promise<RefreshOutcome>

/** What a cookie alone is asked with. */
export const noTokens: StoredTokens = /* @__PURE__ */ Object.freeze({
  __proto__: null,
  version: 1,
  session: '',
  generation: 0,
  accessToken: '',
  receivedAt: 0,
  expiresAt: null,
})
