import type { AuthErrorCode } from './errors.js'

/** @inline */
export interface RequestEvent {
  /** The same in all events of one request. */
  id: number
  method: string
  /** Origin and path, without query and fragment. */
  url: string
}

/** @inline */
type Happening =
  | { type: 'signed-in' }
  | { type: 'signed-out' }
  /** The server refused the refresh token. Told once in every tab. */
  | { type: 'expired' }
  | { type: 'refresh-started' }
  | { type: 'refresh-succeeded' }
  | { type: 'refresh-failed'; code: AuthErrorCode; retryable: boolean; status?: number }
  /** Another tab renewed the tokens, and this one uses them. */
  | { type: 'adopted' }
  /** The request waits: for the store to be read, because its token has expired, or because the server refused it. */
  | ({ type: 'request-held'; reason: 'loading' | 'expired' | 'refused' } & RequestEvent)
  /** The refused request is sent again with a new token. */
  | ({ type: 'request-replayed' } & RequestEvent)
  /** The wait is over without a second sending: the request goes out for the first time, or fails with `code`. */
  | ({ type: 'request-released'; code?: string } & RequestEvent)
  /** The session goes on in memory. */
  | { type: 'store-failed'; operation: 'read' | 'write'; reason: string }
  /**
   * Something to look into; the session goes on.
   *
   * - `REFRESH_NOT_DUE`: the auth server says that the access token has not expired.
   * - `REFRESH_THROUGH_CLIENT`: the refresh was sent through the guarded client.
   * - `REFRESH_WITHOUT_TOKEN`, `TOKEN_HEADERS_HIDDEN`: a refresh was answered, and no token was found in the reply.
   * - `REPLY_HIDDEN`: a request with the token failed without a reply, on another origin; CORS may hide a 401.
   * - `SILENT_START_FAILED`: what came of asking a cookie at the start, where that is neither a session nor its refusal.
   * - `IS_EXPIRED_THREW`, `LISTENER_THREW`: an option or a listener of the app threw.
   * - `SIGN_OUT_NOT_TOLD`: the server could not be told of the sign-out, which is done all the same.
   * - `EXP_UNUSABLE`, `LIFETIME_TOO_LONG`, `SAME_TOKEN_TWICE`: what is odd about new tokens.
   */
  | { type: 'warning'; code: string; message: string }

/** What happened, for logs, telemetry and tests. `at` is in milliseconds since the epoch. Never holds a token. */
export type SessionEvent = { at: number } & Happening

/** An event before it is given its instant. */
export type SessionNews = Happening
