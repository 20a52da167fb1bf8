import { authError, isAuthError, nameOf } from '../core/errors.js'
import { type RequestEvent, warning } from '../core/events.js'
import { ownFields } from '../core/own-fields.js'
import type { TokenSource } from '../core/token-source.js'
import { cookieMarker, isSameVersion, type StoredTokens, shownToken } from '../core/tokens.js'
import { unheard } from '../core/unheard.js'
import { isDevelopment } from '../development/is-development.js'
import { createRequestHints } from '../development/request-hints.js'
import { isExpiryReply } from './challenge.js'
import { createFutileRefreshes, routeOf } from './futile-refreshes.js'
import type { AuthHeaders, HttpClient, RequestReader, ResponseReader } from './http-client.js'
import type { RefreshEndpoint, RequestTarget } from './refresh-endpoint.js'
import type { Reply } from './reply.js'

export interface RequestRules extends Pick<RefreshEndpoint, 'authorize' | 'onReply' | 'withCredentials'> {
  isExpired?: ((reply: Reply) => boolean) | undefined
  /** The refresh endpoint's URL, where it is known. */
  refreshUrl?: string | undefined
  /** Whether the app's own refresh function is making this very call. */
  isOwnCall?: ((signal: AbortSignal | undefined) => boolean) | undefined
}

/** Sends a request with the token: holds it, replays it, and knows where that does not help. */
export type SendAuthenticated = <Q, R>(client: HttpClient<Q, R>, request: Q) => Promise<R>

const bearer = (accessToken: string): AuthHeaders =>
  accessToken === cookieMarker ? {} : { Authorization: `Bearer ${accessToken}` }

export function createAuthenticatedRequests(source: TokenSource, rules: RequestRules): SendAuthenticated {
  const { authorize, onReply, isExpired, refreshUrl, isOwnCall } = ownFields(rules)
  const { emit } = source
  const futile = createFutileRefreshes(source.clock.now)
  const hints = isDevelopment ? createRequestHints(emit) : undefined
  let lastId = 0
  /** The tokens that some route has accepted. */
  let accepting: StoredTokens | undefined

  const route = <Q>(client: RequestReader<Q>, request: Q): string =>
    routeOf(client.method(request), client.url(request))

  const eventOf = <Q>(client: RequestReader<Q>, request: Q): RequestEvent => ({
    id: ++lastId,
    method: client.method(request),
    url: client.url(request),
  })

  /** A refresh that goes through the wrapped client would wait for itself. */
  function isRefreshItself<Q>(client: RequestReader<Q>, request: Q): boolean {
    const refreshToken = source.record?.refreshToken
    const isItself =
      isOwnCall?.(client.signal(request)) ||
      (refreshToken !== undefined && client.carries(request, refreshToken)) ||
      client.url(request) === refreshUrl
    if (isDevelopment && isItself) hints?.refreshThroughClient()
    return isItself
  }

  function threw(): false {
    emit(warning('IS_EXPIRED_THREW'))
    return false
  }

  function isRefused<R>(client: ResponseReader<R>, response: R): boolean | Promise<boolean> {
    if (!isExpired) return client.status(response) === 401 && isExpiryReply(client.reply(response))
    const judge = (reply: Reply): boolean => unheard<unknown>(isExpired(reply)) === true
    try {
      const judged = client.judge ? client.judge(response, judge) : judge(client.reply(response))
      return judged && (judged === true || judged.catch(threw))
    } catch {
      return threw()
    }
  }

  async function authHeaders(tokens: StoredTokens, target: RequestTarget): Promise<AuthHeaders> {
    if (!authorize) return bearer(tokens.accessToken)
    try {
      return await authorize(shownToken(tokens), target)
    } catch (error) {
      // Not as the cause: what the app's own code throws may quote the token.
      throw isAuthError(error) ? error : authError('REFRESH_REFUSED', 'authorize', {}, nameOf(error))
    }
  }

  /** With the hooks of the endpoint: one that authorizes, and one that may ask for the request once more. */
  async function sendByHooks<Q, R>(
    client: HttpClient<Q, R>,
    request: Q,
    tokens: StoredTokens,
    mayRepeat: boolean,
  ): Promise<R> {
    const { accessToken } = tokens
    const target = { method: client.method(request), url: client.url(request) }
    const response = await client.send(request, await authHeaders(tokens, target))
    if (!onReply) return response
    const origin = client.cameFrom(response)
    if (origin === 'foreign') return response
    let found: ReturnType<typeof onReply>
    try {
      found = unheard(onReply(client.reply(response), target))
    } catch {
      // Nothing was found, then.
    }
    if (found === 'again') {
      if (!mayRepeat) return response
      client.discard(response)
      return sendByHooks(client, request, tokens, false)
    }
    if (found && origin === 'ours' && found.accessToken !== accessToken) source.adopt(found, tokens)
    return response
  }

  const sendWith = <Q, R>(client: HttpClient<Q, R>, request: Q, tokens: StoredTokens): Promise<R> =>
    authorize || onReply
      ? sendByHooks(client, request, tokens, client.isReplayable(request))
      : client.send(request, bearer(tokens.accessToken))

  async function deliver<Q, R>(
    client: HttpClient<Q, R>,
    request: Q,
    tokens: StoredTokens,
    event?: RequestEvent,
  ): Promise<R> {
    const sending = sendWith(client, request, tokens)
    if (isDevelopment) sending.catch((error) => isAuthError(error) || hints?.noReply(client, request))
    const response = await sending
    if (!client.mayRefresh(request)) return response
    const refused = isRefused(client, response)
    // Most are accepted, which costs no wait.
    if (refused && (await refused)) {
      return replay(client, request, tokens, response, event ?? eventOf(client, request), true)
    }
    accepted(client, request, tokens)
    return response
  }

  /** Stands for all routes, where none has accepted the tokens yet. */
  const anyRoute = ({ session, generation }: StoredTokens): string => `${session} ${generation}`

  function accepted<Q>(client: RequestReader<Q>, request: Q, tokens: StoredTokens): void {
    accepting = tokens
    if (futile.routes.size > 0) futile.delete(route(client, request))
    if (isDevelopment) hints?.accepted(client, request, refreshUrl)
  }

  /** Waits for tokens; emits `request-held`, and `request-released` where that fails. */
  async function hold<Q, T>(
    client: RequestReader<Q>,
    request: Q,
    event: RequestEvent,
    reason: 'loading' | 'expired' | 'refused',
    getTokens: (signal: AbortSignal | undefined) => T | Promise<T>,
  ): Promise<T> {
    const joined = client.joinSignals?.(request)
    emit({ type: 'request-held', reason, ...event })
    try {
      return await getTokens(joined?.signal ?? client.signal(request))
    } catch (error) {
      emit({ type: 'request-released', code: isAuthError(error) ? error.code : 'ABORTED', ...event })
      throw error
    } finally {
      joined?.release()
    }
  }

  /** Sends again once; once more only where the first refusal was of a token that had been replaced already. */
  async function replay<Q, R>(
    client: HttpClient<Q, R>,
    request: Q,
    refused: StoredTokens,
    response: R,
    event: RequestEvent,
    mayBeLate: boolean,
  ): Promise<R> {
    if (client.cameFrom(response) === 'foreign') return response
    const path = routeOf(event.method, event.url)
    const isLate = mayBeLate && !isSameVersion(source.record, refused)
    const isFutile = futile.has(path) || (accepting !== refused && futile.has(anyRoute(refused)))
    if (!isLate && (isFutile || isRefreshItself(client, request))) return response
    let tokens: StoredTokens
    try {
      tokens = await hold(client, request, event, 'refused', (signal) => source.tokensAfter(refused, signal))
    } catch (error) {
      if (!isAuthError(error)) throw error
      client.explain(response, error)
      return response
    }
    if (isSameVersion(tokens, refused) || !client.isReplayable(request)) {
      emit({ type: 'request-released', ...event })
      return response
    }
    client.discard(response)
    emit({ type: 'request-replayed', ...event })
    const second = await sendWith(client, request, tokens)
    if (!(await isRefused(client, second))) accepted(client, request, tokens)
    else if (isLate) return replay(client, request, tokens, second, event, false)
    else {
      futile.add(path)
      // Something on the way may take every token off: each route would ask for a refresh of its own.
      if (accepting !== tokens) futile.add(anyRoute(tokens))
    }
    return second
  }

  async function sendHeld<Q, R>(client: HttpClient<Q, R>, request: Q): Promise<R> {
    const event = eventOf(client, request)
    const tokens = await hold(client, request, event, source.holdReason, (signal) =>
      source.getTokens(signal, client.owner?.(request)),
    )
    emit({ type: 'request-released', ...event })
    return tokens ? deliver(client, request, tokens, event) : client.send(request, null)
  }

  return (client, request) => {
    if (source.isRefreshing && isRefreshItself(client, request)) return client.send(request, null)
    const mustWait =
      client.mayRefresh(request) &&
      source.mustWait() &&
      // A refresh does not help such a route, so it does not wait for one either.
      !(source.holdReason === 'refused' && futile.has(route(client, request)))
    if (mustWait) return sendHeld(client, request)
    const { record } = source
    const owner = client.owner?.(request)
    // Whoever sends it again: a plugin, a cache, the app.
    if (owner !== undefined && owner !== record?.session && !source.isOf(owner))
      return Promise.reject(source.gone())
    return record ? deliver(client, request, record) : client.send(request, null)
  }
}
