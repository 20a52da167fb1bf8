import { isAuthError } from '../core/errors.js'
import { ownFields } from '../core/own-fields.js'
import type { Session } from '../core/session.js'
import { checkGuardOptions } from '../development/guard-options.js'
import { isDevelopment } from '../development/is-development.js'
import { type FetchCall, readCall } from '../fetch/fetch-call.js'
import { createFetchClient, freeCopy, isLeftAlone } from '../fetch/fetch-client.js'
import { connectionOf } from '../http/connection.js'
import { checkOrigins, createOriginPolicy, type OriginPolicy } from '../http/origin-policy.js'
import { pageUrl } from '../http/page-url.js'
import { answerRefreshes } from './answer-refreshes.js'
import { isRefreshing, whileRefreshing } from './while-refreshing.js'
import type { FetchEvent, WorkerScope } from './worker-scope.js'

export interface GuardFetchOptions {
  /**
   * The exact origins whose requests get the token; an empty list for a worker that only refreshes. The worker's own
   * origin counts where it is listed: then the app's own files wait for tokens as well, unless `include` leaves them out.
   */
  allowedOrigins: string[]
  /**
   * Whether pages and frames get the token, too.
   *
   * @default false
   */
  navigate?: boolean
  /**
   * Which of these requests get the token.
   *
   * @default all
   */
  include?: (request: Request) => boolean
}

/**
 * Makes a service worker send the requests of its pages with the token, those that no script sends above all: images,
 * media, fonts, downloads, `EventSource`. They wait at an expiry, and are sent again after a 401. It also does the refreshes
 * that pages hand over with `toServiceWorker()`.
 *
 * Call it while the worker's script runs for the first time. It takes GET and HEAD requests, and leaves alone what carries an
 * `Authorization` of its own, and what goes elsewhere. While nobody is signed in, they go out as the page made them.
 *
 * @param scope the worker's `self`
 * @throws {TypeError} for what is no session, or an option that cannot be meant
 */
export function guardFetch<Claims>(
  scope: WorkerScope,
  session: Session<Claims>,
  options: GuardFetchOptions,
): void {
  if (isDevelopment) checkGuardOptions(options)
  const { allowedOrigins, navigate, include } = ownFields(options)
  const connection = connectionOf(session)
  const originPolicy = createOriginPolicy(checkOrigins(allowedOrigins, pageUrl()), pageUrl)
  // Not the page's own origin, which the base of a client would allow.
  const policy: OriginPolicy = (url) => originPolicy(url, 'about:blank')
  const client = createFetchClient((input, init) => fetch(input, init), policy)

  function guardedCall(request: Request): FetchCall | undefined {
    const { method, mode } = request
    const isWanted = mode === 'navigate' ? navigate : /^(GET|HEAD)$/.test(method)
    // The developer tools ask for what no worker may.
    const isCacheOnly = request.cache === 'only-if-cached' && mode !== 'same-origin'
    if (!isWanted || isCacheOnly || connection.signal.aborted) return undefined
    const url = new URL(request.url)
    // A page that refreshes has the lock, so that its call must not wait for tokens.
    if (policy(url) !== 'ours' || url.origin + url.pathname === connection.refreshUrl) return undefined
    const call = readCall({ url, request, own: undefined, owner: undefined }, initOf(request))
    return isLeftAlone(call) || include?.(request) === false ? undefined : call
  }

  /** What changes with the token. */
  function initOf({ mode, credentials }: Request): RequestInit {
    const withCookies = connection.withCredentials && credentials !== 'omit'
    return {
      ...(withCookies && { credentials: 'include' }),
      // No header can be set on the others. A token takes the place of cookies.
      ...(mode === 'no-cors' && { mode: 'cors', credentials: withCookies ? 'include' : 'same-origin' }),
      ...(mode === 'navigate' && { mode: 'same-origin' }),
    }
  }

  async function answer(asked: FetchCall, event: FetchEvent): Promise<Response> {
    const { request } = event
    // A page may have signed in a moment ago, as another user even, and the worker may hear of it later than of this request.
    await connection.lookUp()
    const owner = connection.owner()
    if (owner === undefined) return fetch(request)
    const call = ownFields({ ...asked, owner })
    try {
      return await connection.send(client, call)
    } catch (error) {
      const isPage = request.mode === 'navigate'
      // Without tokens, a page is the server's affair, and the rest fails as it does without network.
      if (isAuthError(error)) return isPage ? fetch(request) : Response.error()
      // A server that does not allow the token across origins may allow the request without it.
      const mayGoPlain = request.mode === 'no-cors' || call.url.origin !== location.origin
      if (isPage || !mayGoPlain || request.signal.aborted) throw error
      return fetch(request)
    } finally {
      freeCopy(call)
      // The page may be gone by now, and with it what keeps the worker alive.
      if (isRefreshing(session)) event.waitUntil(whileRefreshing(session))
    }
  }

  scope.addEventListener('fetch', (given) => {
    const event = given as unknown as FetchEvent
    const call = guardedCall(event.request)
    if (!call) return
    let isOurs = false
    const response = Promise.resolve().then(() => (isOurs ? answer(call, event) : Response.error()))
    try {
      event.respondWith(response)
      isOurs = true
    } catch {
      // Another listener has answered.
    }
  })
  answerRefreshes(scope, session, connection)
}
