import { withHelp } from '../development/help-page.js'
import { isDevelopment } from '../development/is-development.js'
import { sentenceOf } from '../development/sentences.js'

/**
 * What went wrong, for `switch (error.code)`:
 *
 * - `SESSION_EXPIRED`: the server refused the refresh token, or there is no session. Ask the user to sign in.
 * - `SESSION_CHANGED`: the user signed out, or another user signed in, while the call waited. Drop the call.
 * - `REFRESH_FAILED`: no network, or the auth server is in trouble. The session is kept; try again later.
 * - `REFRESH_TIMEOUT`: the refresh took longer than `refreshTimeoutMs`. The session is kept; try again later.
 * - `REFRESH_REFUSED`: the server says that the refresh request itself is wrong. The session is kept; mend the set-up.
 * - `LOCK_TIMEOUT`: another tab held the refresh lock for longer than `refreshTimeoutMs`. Try again later.
 * - `INVALID_TOKENS`: `setTokens` was given something that cannot be a token. Nothing changed.
 * - `INVALID_OPTIONS`: an option of a single call is wrong, or not for this store. (Options of a constructor throw a `TypeError`.)
 * - `UNSAFE_URL`: the request's URL carries a user name or password. It was not sent.
 * - `DISPOSED`: the session object was disposed of.
 */
export type AuthErrorCode =
  | 'SESSION_EXPIRED'
  | 'SESSION_CHANGED'
  | 'REFRESH_FAILED'
  | 'REFRESH_TIMEOUT'
  | 'REFRESH_REFUSED'
  | 'LOCK_TIMEOUT'
  | 'INVALID_TOKENS'
  | 'INVALID_OPTIONS'
  | 'UNSAFE_URL'
  | 'DISPOSED'

/** @inline */
export interface AuthErrorDetails {
  /** HTTP status of the refresh endpoint's reply, where there was one. */
  status?: number | undefined
  /** The `error` member of an OAuth error reply (RFC 6749 section 5.2). */
  oauthError?: string | undefined
  cause?: unknown
}

/** Registered, so that two copies of the library on a page recognise each other's errors. */
const brand = /* @__PURE__ */ Symbol.for('latchkey.error')

/** The one error of this library. It never holds a token, a request or a reply. */
export class AuthError extends Error {
  override readonly name = 'AuthError'
  readonly code: AuthErrorCode
  /** Whether the same call may succeed later without the user doing anything. */
  readonly retryable: boolean
  declare readonly status?: number
  declare readonly oauthError?: string
  declare readonly cause?: unknown

  constructor(code: AuthErrorCode, message: string, details: AuthErrorDetails = {}) {
    super(message)
    this.code = code
    this.retryable = /_(FAILED|TIMEOUT)$/.test(code)
    Object.defineProperty(this, brand, { value: true })
    Object.assign(this, details)
  }
}

/** Recognises an `AuthError` by its brand: other libraries have errors of that name. */
export function isAuthError(error: unknown, code?: AuthErrorCode): error is AuthError {
  const candidate = error as (AuthError & { [brand]?: true }) | null | undefined
  return candidate?.[brand] === true && (code === undefined || candidate.code === code)
}

/**
 * An error that the library itself makes. `what` is a few words, which the development build turns into a sentence;
 * `detail` is for that build alone.
 */
export const authError = (
  code: AuthErrorCode,
  what = '',
  details?: AuthErrorDetails,
  detail?: string,
): AuthError =>
  new AuthError(
    code,
    isDevelopment ? withHelp(sentenceOf(code, what, detail), code) : what ? `${code}: ${what}` : code,
    details,
  )

/** All that may be said of what somebody else threw: its message may quote a token. */
export const nameOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.name : typeof thrown)
