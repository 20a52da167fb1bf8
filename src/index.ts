/**
 * Keeps the users of a single-page app signed in. Start with {@link createSession}.
 *
 * @module
 */
import { createBrowserEnvironment } from './browser/browser-environment.js'
import { defaultStore } from './browser/default-store.js'
import type { HandOver } from './core/hand-over.js'
import type { JwtClaims } from './core/jwt.js'
import { ownFields } from './core/own-fields.js'
import { assembleSession, type Session } from './core/session.js'
import type { TokenStore } from './core/token-store.js'
import { printEvents } from './development/debug.js'
import { noteDateHints } from './development/expiry-date-hint.js'
import { isDevelopment } from './development/is-development.js'
import { checkSessionOptions, checkStore } from './development/session-options.js'
import { watchTokens } from './development/token-hints.js'
import { connect } from './http/connection.js'
import { checkOrigins } from './http/origin-policy.js'
import { pageUrl } from './http/page-url.js'
import type { RefreshEndpoint } from './http/refresh-endpoint.js'
import type { RefreshFunction } from './http/refresh-function.js'
import { readRefreshMethod } from './http/refresh-method.js'
import type { Reply } from './http/reply.js'

export { indexedDbStore } from './browser/indexed-db-store.js'
export { rememberMeStore } from './browser/remember-me-store.js'
export { webStorageStore } from './browser/web-storage-store.js'
export { AuthError, type AuthErrorCode, isAuthError } from './core/errors.js'
export type { SessionEvent } from './core/events.js'
export type { RefreshTiming } from './core/expiry.js'
export type { JwtClaims } from './core/jwt.js'
export type { Session } from './core/session.js'
export type { SilentStart } from './core/session-parts.js'
export { shouldRetry } from './core/should-retry.js'
export type { SignInBody, SignInOptions, SignInReply } from './core/sign-in.js'
export type { SessionState } from './core/state.js'
export type { TokenStore } from './core/token-store.js'
export { memoryStore } from './core/token-store.js'
export type { StoredTokens, TokenSet } from './core/tokens.js'
export { keepFresh } from './http/keep-fresh.js'
export type { RefreshEndpoint, RefreshRequest, RequestTarget } from './http/refresh-endpoint.js'
export type { RefreshFunction } from './http/refresh-function.js'
export type { RefreshReply, RefreshVerdict } from './http/refresh-reply.js'
export type { Reply } from './http/reply.js'

export interface SessionOptions {
  /**
   * Where new access tokens come from: what a function of `latchkey/servers` makes, such as `headerPair({ url })`, an
   * endpoint of your own, or a function that makes the call.
   */
  refresh: RefreshEndpoint | RefreshFunction
  /**
   * Where the tokens are kept: a store, or a function that makes one for the session's name. Every script on the page can
   * read all of them, `memoryStore` included.
   *
   * @default indexedDbStore, and memory where the browser does not let us use it
   */
  store?: TokenStore | ((name: string) => TokenStore)
  /**
   * Names the database or storage key, the lock and the channel. Two sessions on one origin take two names.
   *
   * @default 'latchkey'
   */
  name?: string
  /**
   * Further exact origins that may receive the access token. Allowed anyway: with axios that of the instance's `baseURL`, or
   * of the page where it has none; with `fetch` and Angular's HttpClient that of the page, and that of the refresh
   * endpoint's URL.
   */
  allowedOrigins?: string[]
  /**
   * The longest a caller waits for a refresh, in milliseconds.
   *
   * @default 10_000
   */
  refreshTimeoutMs?: number
  /**
   * How long before the expiry a refresh may start, in milliseconds, while requests go on with the present token.
   *
   * @default 30_000, but at most a tenth of the token's life; half of it where the server takes no refresh after the expiry;
   * none where it takes none before
   */
  refreshAheadMs?: number
  /**
   * Whether a reply says that the access token is no longer good.
   *
   * @default status 401, unless its Bearer challenge names another error (RFC 6750 section 3.1)
   */
  isExpired?: (reply: Reply) => boolean
  /**
   * Who may do a refresh in the page's place: `toServiceWorker()` of `latchkey/service-worker`.
   *
   * @default the page refreshes by itself
   */
  handOver?: HandOver
  /**
   * Prints each event, never a token. In the development build alone.
   *
   * @default false
   */
  debug?: boolean | ((line: string) => void)
}

/**
 * Creates a session. It reads its store at once, and asks the server for nothing until it must.
 *
 * @throws {TypeError} for an option that cannot be meant, naming it and what it takes
 */
export function createSession<Claims = JwtClaims>(options: SessionOptions): Session<Claims> {
  if (isDevelopment) checkSessionOptions(options)
  const own = ownFields(options)
  const { name = 'latchkey', store: given = defaultStore, refreshTimeoutMs = 10_000, refreshAheadMs } = own
  const allowedOrigins = checkOrigins(own.allowedOrigins ?? [], pageUrl())
  const method = readRefreshMethod(own.refresh)
  const takeHint = isDevelopment ? noteDateHints(method) : undefined
  const store = typeof given === 'function' ? given(name) : given
  if (isDevelopment) checkStore(store)
  const environment = createBrowserEnvironment(name)

  const { session, source } = assembleSession<Claims>({
    ...method,
    store,
    refreshAheadMs,
    refreshTimeoutMs,
    handOver: own.handOver,
    environment,
  })
  connect(session, source, environment.lifecycle, allowedOrigins, {
    ...method,
    isExpired: own.isExpired ?? method.isExpired,
  })
  if (isDevelopment) watchTokens(session, source, takeHint)
  if (isDevelopment && own.debug) printEvents(session, name, own.debug)
  return session
}
