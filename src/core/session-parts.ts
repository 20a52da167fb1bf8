import type { Environment } from './environment.js'
import type { RefreshTiming } from './expiry.js'
import type { HandOver } from './hand-over.js'
import type { CallRefresh } from './refresh-outcome.js'
import type { TokenStore } from './token-store.js'
import type { StoredTokens, TokenSet } from './tokens.js'

/** Remembers a sign-out for the next load, so that a cookie which the server still accepts does not undo it. */
export interface SilentStart {
  /** Whether a cookie may be asked at the start. */
  isAllowed(): boolean
  /** Called with `false` at a sign-out, with `true` at a sign-in. */
  allow(isAllowed: boolean): void
}

/** What a session is made of. */
export interface SessionParts {
  store: TokenStore
  callRefresh: CallRefresh
  handOver?: HandOver | undefined
  /** The tokens in what `setTokens` was given, still unchecked. Throws `INVALID_TOKENS` where there are none. */
  readSignIn(given: unknown): unknown
  /** Tells the server that the user signs out. */
  signOut?: ((tokens: TokenSet) => unknown) | undefined
  /** Whether to ask for a session at the start, when the store holds none. */
  silentStart?: boolean | SilentStart | undefined
  /** Whether the endpoint can refresh these tokens. */
  canRefresh(tokens: StoredTokens): boolean
  timing: RefreshTiming
  refreshAheadMs?: number | undefined
  refreshTimeoutMs: number
  environment: Environment
}
