import type { SessionNews } from './events.js'
import type { StoredTokens } from './tokens.js'

/** Whoever may have to wait. The signal is asked for only then. */
export interface Caller {
  readonly signal?: AbortSignal | undefined
}

/** What the HTTP clients see of a session. */
export interface RequestGate {
  /**
   * The tokens to send a request with: at once where they are good, as a promise where the request must wait, `null`
   * when nobody is signed in. Rejects with an `AuthError`, or with the signal's reason.
   */
  admit(caller: Caller): StoredTokens | null | Promise<StoredTokens | null>
  /**
   * Tokens to replace those that the server refused, by way of a refresh only where there are none yet. Resolves with
   * the refused ones where none are to be had without harm to the session.
   */
  replace(refused: StoredTokens, caller: Caller): Promise<StoredTokens>
  /** Takes tokens that the server put on a reply to a request with `from`, unless they are of no use by now. */
  offer(tokens: unknown, from: StoredTokens): void
  /** Whether the store is being read. */
  readonly isLoading: boolean
  /** The tokens in hand. */
  readonly tokens: StoredTokens | null
  readonly isRefreshing: boolean
  /** When the next refresh is due without any request; `Infinity` where none is. */
  refreshAt(): number
  now(): number
  /** Calls back once, after `ms` milliseconds; returns the cancellation. */
  after(ms: number, callback: () => void): () => void
  tell(news: SessionNews): void
  onDispose(callback: () => void): void
}
