import type { Environment } from './environment.js'
import type { RefreshTiming } from './expiry.js'
import type { Renew } from './refresh-coordinator.js'
import type { TokenStore } from './token-store.js'
import type { StoredTokens } from './tokens.js'

/** What a session is put together from. */
export interface SessionParts {
  store: TokenStore
  renew: Renew
  /** The tokens in what `setTokens` was given, still unchecked. Throws `INVALID_TOKENS` where there are none. */
  readSignIn(given: unknown): unknown
  /** Tells the server that the user has signed out. */
  tellSignOut?: ((tokens: StoredTokens) => void) | undefined
  /** Whether to ask for a session at the start, when the store holds none. */
  silentStart?: boolean | undefined
  /** Whether the endpoint can do anything with these tokens. */
  canRenew(tokens: StoredTokens): boolean
  timing: RefreshTiming
  refreshAheadMs?: number | undefined
  refreshTimeoutMs: number
  environment: Environment
}
