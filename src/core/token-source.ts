import type { Clock } from './clock.js'
import type { AuthError } from './errors.js'
import type { Emit, HoldReason } from './events.js'
import type { StoredTokens } from './tokens.js'

/** What the HTTP clients see of a session. */
export interface TokenSource {
  /** The tokens in hand. */
  readonly record: StoredTokens | null
  readonly isRefreshing: boolean
  /**
   * Whether a request must wait for tokens. Shortly before the expiry it need not, and a refresh starts in the background.
   */
  mustWait(): boolean
  /** Reads the store: another page may have signed in, or another user, and its message may be slower than its requests. */
  lookUp(): Promise<void>
  /** Why a request would wait. */
  readonly holdReason: HoldReason
  /** The id of the session in hand. */
  owner(): string | undefined
  /** Whether what was made in that session may go out now: it is in hand, or another one of the same user. */
  isOf(session: string): boolean
  /** Why what was made in another session may not. */
  gone(): AuthError
  /**
   * Tokens to send a request with, as soon as they are good; `null` when nobody is signed in. Rejects with an `AuthError`,
   * or with the signal's reason.
   *
   * @param owner the session that the request was made in; by default the one in hand
   */
  getTokens(signal: AbortSignal | undefined, owner?: string): Promise<StoredTokens | null>
  /**
   * Newer tokens than those that the server refused, by way of a refresh only where there are none yet. Resolves with the
   * refused ones where they cannot be refreshed.
   */
  tokensAfter(refused: StoredTokens, signal: AbortSignal | undefined): Promise<StoredTokens>
  /** Takes tokens that the server put on a reply to a request with `from`, unless newer ones are in hand. */
  adopt(tokens: unknown, from: StoredTokens): void
  /** When the next refresh is due without any request; `Infinity` where none is. */
  refreshAt(): number
  readonly clock: Clock
  readonly emit: Emit
  /** Aborts when the session is disposed of. */
  readonly signal: AbortSignal
}
