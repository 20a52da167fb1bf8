import type { Clock } from '../core/clock.js'
import type { PageLifecycle } from '../core/environment.js'
import { type AuthError, authError } from '../core/errors.js'
import { ownFields } from '../core/own-fields.js'
import type { Session } from '../core/session.js'
import type { TokenSource } from '../core/token-source.js'
import { isSameVersion, type TokenVersion } from '../core/tokens.js'
import { checkClientOptions } from '../development/client-options.js'
import { createForeignHint, type NoteForeign } from '../development/foreign-hint.js'
import { isDevelopment } from '../development/is-development.js'
import {
  createAuthenticatedRequests,
  type RequestRules,
  type SendAuthenticated,
} from './authenticated-request.js'
import { checkOrigins, createOriginPolicy, type OriginPolicy, parseUrl } from './origin-policy.js'
import { pageUrl } from './page-url.js'

/** What the rest of the library sees of a session. It is within reach of every script of the page, and so holds no token. */
export interface Connection {
  readonly send: SendAuthenticated
  /** The id of the session in hand. */
  owner(): string | undefined
  /** Reads what other pages have stored by now. */
  lookUp(): Promise<void>
  /** Whether these are the tokens in hand. */
  isInHand(version: TokenVersion): boolean
  /** Aborts when the session is disposed of. */
  readonly signal: AbortSignal
  /** When the next refresh is due without any request; `Infinity` where none is. */
  refreshAt(): number
  readonly clock: Clock
  readonly lifecycle: PageLifecycle
  readonly allowedOrigins: readonly string[]
  /** The refresh endpoint's URL, where it is known. */
  readonly refreshUrl: string | undefined
  /** Whether requests go with cookies, across origins too. */
  readonly withCredentials: boolean | undefined
  /** The clients that were given the session, and how to take it back. */
  readonly clients: WeakMap<object, () => void>
  /** In the development build: is told of requests that go without the token because of their origin. */
  noteForeign?: NoteForeign
}

/** Registered, so that two copies of the library on a page understand each other. */
const key = /* @__PURE__ */ Symbol.for('latchkey.connection')

export function connect(
  session: object,
  source: TokenSource,
  lifecycle: PageLifecycle,
  allowedOrigins: readonly string[],
  rules: RequestRules,
): void {
  const { owner, lookUp, signal, refreshAt, clock } = source
  const send = createAuthenticatedRequests(source, rules)
  const { refreshUrl, withCredentials } = ownFields(rules)
  const clients = new WeakMap()
  const value: Connection = {
    send,
    owner,
    lookUp,
    isInHand: (version) => isSameVersion(source.record, version),
    signal,
    refreshAt,
    clock,
    lifecycle,
    allowedOrigins,
    refreshUrl,
    withCredentials,
    clients,
  }
  if (isDevelopment) value.noteForeign = createForeignHint(source)
  Object.defineProperty(session, key, { value })
}

/** Throws a `TypeError` for anything that `createSession` did not make. */
export function connectionOf<Claims>(session: Session<Claims>): Connection {
  const connection = (session as { [key]?: Connection } | undefined)?.[key]
  if (!connection) {
    throw new TypeError(isDevelopment ? 'Expected a session made by createSession' : 'session')
  }
  return connection
}

export interface WithSessionOptions {
  /** Further exact origins that may receive the access token from this client. */
  allowedOrigins?: string[]
}

/**
 * Where the requests of one client may take the token: to what the session allows, to what `options` allow, and, for
 * clients without a base URL, to the origins of the page and of the refresh endpoint. Throws a `TypeError` for a bad option.
 */
export function clientPolicy(
  { allowedOrigins, refreshUrl }: Connection,
  options: WithSessionOptions,
  hasBaseUrl: boolean,
): OriginPolicy {
  if (isDevelopment) checkClientOptions(options)
  const own = checkOrigins(ownFields(options).allowedOrigins ?? [], pageUrl())
  const refreshOrigin = hasBaseUrl ? undefined : parseUrl(refreshUrl ?? '')?.origin
  return createOriginPolicy(
    [...allowedOrigins, ...own, ...(refreshOrigin === undefined ? [] : [refreshOrigin])],
    pageUrl,
  )
}

export const unsafeUrl = (): AuthError => authError('UNSAFE_URL')
