import { isDevelopment } from '../development/is-development.js'
import { warningSentenceOf } from '../development/sentences.js'
import type { AuthErrorCode } from './errors.js'

/** @inline */
export interface RequestEvent {
  /** The same in all events of one request. */
  id: number
  method: string
  /** Origin and path, without query and fragment. */
  url: string
}

/** An event before it is given its instant. @inline */
export type EventBody =
  | { type: 'signed-in' }
  | { type: 'signed-out' }
  /** The server refused the refresh token. Emitted once in every tab. */
  | { type: 'expired' }
  | { type: 'refresh-started' }
  | { type: 'refresh-succeeded' }
  | { type: 'refresh-failed'; code: AuthErrorCode; retryable: boolean; status?: number }
  /** Another tab refreshed the tokens, and this one uses them. */
  | { type: 'adopted' }
  /** The request waits: until the store has been read, because its token has expired, or because the server refused it. */
  | ({ type: 'request-held'; reason: HoldReason } & RequestEvent)
  /** The refused request is sent again with a new token. */
  | ({ type: 'request-replayed' } & RequestEvent)
  /** The wait is over without a second sending: the request goes out for the first time, or fails with `code`. */
  | ({ type: 'request-released'; code?: string } & RequestEvent)
  /** The session goes on in memory. Emitted again when the store has worked meanwhile. */
  | { type: 'store-failed'; operation: 'read' | 'write'; reason: string }
  /**
   * Something to look into; the session goes on. In production, `message` is the code.
   *
   * - `REFRESH_NOT_DUE`: the auth server says that the access token has not expired.
   * - `SILENT_START_FAILED`: what came of asking a cookie at the start, where that is neither a session nor its refusal.
   * - `IS_EXPIRED_THREW`, `LISTENER_THREW`: an option or a listener of the app threw.
   * - `SIGN_OUT_NOT_TOLD`: the server could not be told of the sign-out, which is done all the same.
   *
   * In the development build alone:
   *
   * - `REFRESH_THROUGH_CLIENT`: the refresh was sent through the wrapped client.
   * - `REFRESH_WITHOUT_TOKEN`, `TOKEN_HEADERS_HIDDEN`: a refresh was answered, and no token was found in the reply.
   * - `SENT_WITHOUT_TOKEN`: a request went without the token while somebody is signed in, because of its origin.
   * - `REPLY_HIDDEN`: a request with the token failed without a reply, on another origin; CORS may hide a 401.
   * - `EXP_UNUSABLE`, `LIFETIME_TOO_LONG`, `SAME_TOKEN_TWICE`: what is odd about new tokens.
   * - `EXPIRY_DATE_NOT_READ`: only a date says when the access token expires, and the session does not read it.
   */
  | { type: 'warning'; code: string; message: string }

/** @inline */
export type HoldReason = 'loading' | 'expired' | 'refused'

/** What happened, for logs, telemetry and tests. `at` is in milliseconds since the epoch. Never holds a token. */
export type SessionEvent = { at: number } & EventBody

export type Emit = (event: EventBody) => void

/** A warning of both builds. */
export const warning = (code: string, detail?: string): EventBody => ({
  type: 'warning',
  code,
  message: isDevelopment ? (detail ?? warningSentenceOf(code)) : code,
})
