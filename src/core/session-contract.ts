import type { SessionEvent } from './events.js'
import type { JwtClaims } from './jwt.js'
import type { SessionState } from './session-state.js'
import type { TokenSet } from './tokens.js'

/** The reply to a sign-in call, as axios or fetch hands it over. */
export interface SignInReply {
  readonly status: number
  readonly headers: object
}

/** One user's stay, from sign-in to sign-out. Also a Svelte store. */
export interface Session<Claims = JwtClaims> {
  readonly state: SessionState<Claims>
  /** Resolves when the store has been read once. Never rejects. */
  readonly ready: Promise<void>
  /** Calls back at once and on each change; returns the removal. */
  subscribe(listener: (state: SessionState<Claims>) => void): () => void
  /** Calls back with each thing that happens, for logs and telemetry; returns the removal. */
  on(listener: (event: SessionEvent) => void): () => void
  /**
   * The user signed in. Takes the tokens, or the reply to the sign-in call, which is read as one of the refresh endpoint.
   * Takes effect at once (a reply of fetch: when its body is there); resolves when it is stored (or when the store has
   * failed, which an event tells). Rejects with `INVALID_TOKENS`, and then nothing has changed.
   */
  setTokens(tokens: TokenSet | SignInReply): Promise<void>
  /**
   * A token that is good for `minValidityMs` more (default 0), for what is no request: a WebSocket, an upload, a map.
   * Resolves with `null` when nobody is signed in. Rejects with an `AuthError`, or with the signal's reason.
   */
  getAccessToken(options?: { signal?: AbortSignal; minValidityMs?: number }): Promise<string | null>
  /** Refreshes now, or joins the refresh that is under way; resolves with the access token. */
  refresh(options?: { signal?: AbortSignal }): Promise<string>
  /** Local first: takes effect at once, works offline, and reaches the other tabs. */
  signOut(): Promise<void>
  /** Removes every listener, timer and channel. The tokens stay in the store. */
  dispose(): void
}
