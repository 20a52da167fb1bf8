/**
 * Keeps the users of a single-page app signed in. Start with {@link createSession}.
 *
 * @module
 */
import { createBrowserEnvironment } from './browser/browser-environment.js'
import { indexedDbStore } from './browser/indexed-db-store.js'
import { isObject } from './core/is-object.js'
import type { JwtClaims } from './core/jwt.js'
import { aFunction, checkOptions, milliseconds, type OptionRule } from './core/options.js'
import { assembleSession } from './core/session.js'
import type { Session } from './core/session-contract.js'
import { memoryStore, type TokenStore } from './core/token-store.js'
import { pageUrl } from './http/page-url.js'
import type { RefreshEndpoint } from './http/refresh-endpoint.js'
import type { RefreshFunction } from './http/refresh-function.js'
import { refreshRule, resolveRefresh } from './http/refresh-source.js'
import type { Reply } from './http/reply.js'
import { createRequestGuard } from './http/request-guard.js'
import { checkOrigins, originsRule } from './http/request-policy.js'
import { attachGuard } from './http/session-guard.js'

export { indexedDbStore } from './browser/indexed-db-store.js'
export { webStorageStore } from './browser/web-storage-store.js'
export { AuthError, type AuthErrorCode, isAuthError } from './core/errors.js'
export type { SessionEvent } from './core/events.js'
export type { RefreshTiming } from './core/expiry.js'
export type { JwtClaims } from './core/jwt.js'
export type { Session, SignInReply } from './core/session-contract.js'
export type { SessionState } from './core/session-state.js'
export { shouldRetry } from './core/should-retry.js'
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
   * Prints what happens, never a token.
   *
   * @default false
   */
  debug?: boolean | ((line: string) => void)
}

/** IndexedDB, or memory where there is none: on a server, too, where two users must share nothing. */
const defaultStore = (name: string): TokenStore =>
  'indexedDB' in globalThis ? indexedDbStore(name) : memoryStore()

const isStore = (value: unknown): boolean =>
  isObject(value) && ['read', 'write'].every((method) => typeof Reflect.get(value, method) === 'function')

function storeFor(name: string, make: (name: string) => TokenStore): TokenStore {
  const store = make(name)
  if (isStore(store)) return store
  throw new TypeError('createSession: the function in store must return an object with read() and write()')
}

const rules: Readonly<Record<keyof SessionOptions, OptionRule>> = {
  refresh: [
    (value) => typeof value === 'function' || (isObject(value) && !(value instanceof URL)),
    refreshRule,
  ],
  store: [
    (value) => typeof value === 'function' || isStore(value),
    "a store, such as memoryStore() or webStorageStore('local'), or a function that makes one",
  ],
  name: [(value) => typeof value === 'string' && value !== '', 'a string that is not empty'],
  allowedOrigins: originsRule,
  refreshTimeoutMs: milliseconds(1),
  refreshAheadMs: milliseconds(0),
  isExpired: aFunction,
  debug: [(value) => typeof value === 'boolean' || typeof value === 'function', 'true, false or a function'],
}

/**
 * Creates a session. It reads its store at once, and asks the server for nothing until it must.
 *
 * @throws {TypeError} for an option that cannot be meant, naming it and what it takes
 */
export function createSession<Claims = JwtClaims>(options: SessionOptions): Session<Claims> {
  const checked = checkOptions('createSession', options, rules)
  const { name = 'latchkey', store = defaultStore, debug = false, refreshAheadMs, isExpired } = checked
  const allowedOrigins = checkOrigins(checked.allowedOrigins ?? [], pageUrl())
  const refresh = resolveRefresh(checked.refresh, pageUrl, (news) => gate.tell(news))
  const environment = createBrowserEnvironment(name)

  const { session, gate } = assembleSession<Claims>({
    store: typeof store === 'function' ? storeFor(name, store) : store,
    ...refresh,
    refreshAheadMs,
    refreshTimeoutMs: checked.refreshTimeoutMs ?? 10_000,
    environment,
  })
  gate.onDispose(environment.close)
  const guard = createRequestGuard(gate, {
    allowedOrigins,
    page: pageUrl,
    isExpired: isExpired ?? refresh.isExpired,
    refresh,
  })
  attachGuard(session, { ...guard, gate, environment })
  if (debug) {
    const print = typeof debug === 'function' ? debug : (line: string) => console.debug(line)
    session.on(({ at, type, ...rest }) =>
      print(`${new Date(at).toISOString()} latchkey[${name}] ${type} ${JSON.stringify(rest)}`),
    )
  }
  return session
}
