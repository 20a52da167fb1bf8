import type { Clock } from './clock.js'
import type { RefreshOutcome } from './refresh-outcome.js'
import type { TokenVersion } from './tokens.js'

/**
 * Asks somebody else to refresh these tokens and to store the new ones; called outside the lock. Resolves with how that
 * failed, or with `undefined`: then the page looks into the store under the lock, and refreshes by itself where it finds
 * nothing newer. Rejects with the signal's reason alone.
 */
export type HandOver = (
  tokens: TokenVersion,
  limits: { clock: Clock; signal: AbortSignal },
) => Promise<RefreshOutcome | undefined>
