import { attempt } from '../core/attempt.js'
import { AuthError, isAuthError } from '../core/errors.js'
import type { RequestEvent } from '../core/events.js'
import type { RequestGate } from '../core/request-gate.js'
import { isSameRenewal, type StoredTokens } from '../core/tokens.js'
import { isExpiryReply } from './challenge.js'
import { bearer, type Credentials } from './credentials.js'
import { createHiddenRefusalHint } from './hidden-refusals.js'
import { createHopelessRoutes, routeOf } from './hopeless-routes.js'
import type { RefreshSource } from './refresh-source.js'
import type { Reply } from './reply.js'
import { readReply } from './reply-reading.js'
import { createTurnstile } from './turnstile.js'

/** One request of some HTTP client, as the guard sees it. `R` is whatever that client calls a reply. */
export interface Exchange<R> {
  readonly method: string
  readonly signal: AbortSignal | undefined
  /** Whether a refusal may lead to a refresh and a second sending. */
  readonly mayRefresh: boolean
  /** Whether the body can be sent a second time. */
  readonly isReplayable: boolean
  /** Origin and path. Asked for only when the request is held or was refused. */
  describe(): string
  /** Sends the request, with these headers where it is to carry a token. Resolves for every status. */
  send(credentials: Credentials | null): Promise<R>
  statusOf(reply: R): number
  /** Without its body where there is `bodyOf`. */
  replyOf(reply: R): Reply
  /** For clients that hand over replies before their body: reads a copy of it, up to a limit. Never rejects. */
  bodyOf?(reply: R): Promise<unknown>
  /** Whether the reply came from somewhere the token may not go: a redirect lost it on the way. */
  isForeign(reply: R): boolean
  /** Frees the reply's connection. */
  discard(reply: R): void
  /** Hands the reply to the caller, with the reason why there is no better one. */
  explain(reply: R, reason: AuthError): R
  /** Whether the request itself brings this text along. */
  carries(text: string): boolean
}

/** The rules of a guarded request, for every HTTP client alike. */
export interface RequestGuard {
  send<R>(exchange: Exchange<R>): Promise<R>
  readonly allowedOrigins: readonly string[]
  /** What relative URLs are relative to. */
  page(): string | undefined
  /** The refresh endpoint's URL, where it is known. */
  readonly refreshUrl: string | undefined
  onDispose(callback: () => void): void
  /** The clients that have the session added to them, and how to remove it. */
  readonly clients: WeakMap<object, () => void>
}

export interface GuardOptions {
  allowedOrigins: readonly string[]
  page(): string | undefined
  isExpired?: ((reply: Reply) => boolean) | undefined
  refresh: Pick<RefreshSource, 'isOwnCall' | 'url' | 'authorize' | 'onReply'>
}

export function createRequestGuard(
  gate: RequestGate,
  { allowedOrigins, page, isExpired, refresh }: GuardOptions,
): RequestGuard {
  const hopeless = createHopelessRoutes(gate.now)
  const hintAtHiddenRefusal = createHiddenRefusalHint(page, gate.tell)
  const turnstile = createTurnstile(gate.after)
  gate.onDispose(() => turnstile.close(new AuthError('DISPOSED', 'The session was disposed of')))
  let lastId = 0

  const eventOf = <R>(exchange: Exchange<R>): RequestEvent => ({
    id: ++lastId,
    method: exchange.method,
    url: exchange.describe(),
  })

  /** A refresh that goes through the guarded client would wait for itself. */
  function isRefreshItself<R>(exchange: Exchange<R>): boolean {
    const refreshToken = gate.tokens?.refreshToken
    const isItself =
      refresh.isOwnCall(exchange.signal) ||
      (refreshToken !== undefined && exchange.carries(refreshToken)) ||
      exchange.describe() === refresh.url
    if (isItself) warnOfRefresh()
    return isItself
  }

  function warnOfRefresh(): void {
    const message = 'The refresh went through the guarded client, as it was; it wants one of its own'
    gate.tell({ type: 'warning', code: 'REFRESH_THROUGH_CLIENT', message })
  }

  function isRefused<R>(exchange: Exchange<R>, reply: R): boolean | Promise<boolean> {
    if (isExpired) return isExpiredBy(isExpired, exchange, reply)
    return exchange.statusOf(reply) === 401 && isExpiryReply(exchange.replyOf(reply))
  }

  async function isExpiredBy<R>(
    judge: (reply: Reply) => boolean,
    exchange: Exchange<R>,
    reply: R,
  ): Promise<boolean> {
    try {
      const bodyOf = exchange.bodyOf && (() => exchange.bodyOf?.(reply) as Promise<unknown>)
      return await readReply(exchange.replyOf(reply), bodyOf, (reply) => {
        const verdict: unknown = judge(reply)
        // An async one is not meant, but must not reject unheard.
        if (verdict instanceof Promise) verdict.catch(() => {})
        return verdict === true
      })
    } catch {
      gate.tell({ type: 'warning', code: 'IS_EXPIRED_THREW', message: 'The option isExpired threw' })
      return false
    }
  }

  async function sendWith<R>(
    exchange: Exchange<R>,
    tokens: StoredTokens,
    mayRepeat = exchange.isReplayable,
  ): Promise<R> {
    const { authorize, onReply } = refresh
    const { accessToken } = tokens
    if (!authorize && !onReply) return exchange.send(bearer(accessToken))
    const target = { method: exchange.method, url: exchange.describe() }
    const reply = await exchange.send(authorize ? await authorize(accessToken, target) : bearer(accessToken))
    const found =
      exchange.isForeign(reply) || !onReply
        ? undefined
        : attempt(() => onReply(exchange.replyOf(reply), target))
    if (found === 'again') {
      if (!mayRepeat) return reply
      exchange.discard(reply)
      return sendWith(exchange, tokens, false)
    }
    if (found && found.accessToken !== accessToken) gate.offer(found, tokens)
    return reply
  }

  async function deliver<R>(exchange: Exchange<R>, tokens: StoredTokens, event?: RequestEvent): Promise<R> {
    let reply: R
    try {
      reply = await sendWith(exchange, tokens)
    } catch (error) {
      if (!isAuthError(error)) hintAtHiddenRefusal(exchange)
      throw error
    }
    if (!exchange.mayRefresh) return reply
    const refused = isRefused(exchange, reply)
    if (typeof refused === 'boolean' ? refused : await refused) {
      return recover(exchange, tokens, reply, event ?? eventOf(exchange))
    }
    accept(exchange)
    return reply
  }

  /** The API took the token. */
  function accept<R>(exchange: Exchange<R>): void {
    if (!hopeless.isEmpty) hopeless.forgive(routeOf(exchange.method, exchange.describe()))
    // It has renewed behind the session's back.
    if (exchange.method === 'POST' && exchange.describe() === refresh.url) warnOfRefresh()
  }

  async function hold<R>(exchange: Exchange<R>, waiting: Promise<StoredTokens | null>): Promise<R> {
    const event = eventOf(exchange)
    gate.tell({ type: 'request-held', reason: gate.isLoading ? 'loading' : 'expired', ...event })
    let tokens: StoredTokens | null
    try {
      tokens = await inTurn(waiting, exchange)
    } catch (error) {
      gate.tell({ type: 'request-released', code: codeOf(error), ...event })
      throw error
    }
    gate.tell({ type: 'request-released', ...event })
    return tokens ? deliver(exchange, tokens, event) : exchange.send(null)
  }

  /** Waits for tokens, and where many do, for its turn to use them. */
  async function inTurn<T extends StoredTokens | null, R>(
    waiting: Promise<T>,
    exchange: Exchange<R>,
  ): Promise<T> {
    turnstile.enter()
    let tokens: T
    try {
      tokens = await waiting
    } catch (error) {
      turnstile.leave()
      throw error
    }
    const turn = turnstile.pass()
    if (!turn) return tokens
    await turn
    // Somebody may have signed out or in meanwhile, or the tokens been renewed again.
    return tokens && !isSameRenewal(gate.tokens, tokens)
      ? (gate.replace(tokens, exchange) as Promise<T>)
      : tokens
  }

  /** Sends again once; once more only where the first refusal was of a token that had been replaced already. */
  async function recover<R>(
    exchange: Exchange<R>,
    refused: StoredTokens,
    reply: R,
    event: RequestEvent,
    mayBeLate = true,
  ): Promise<R> {
    if (exchange.isForeign(reply)) return reply
    const route = routeOf(event.method, event.url)
    const isLate = mayBeLate && !isSameRenewal(gate.tokens, refused)
    if (!isLate && (hopeless.has(route) || isRefreshItself(exchange))) return reply
    gate.tell({ type: 'request-held', reason: 'refused', ...event })
    let tokens: StoredTokens
    try {
      tokens = await inTurn(gate.replace(refused, exchange), exchange)
    } catch (error) {
      gate.tell({ type: 'request-released', code: codeOf(error), ...event })
      if (!isAuthError(error)) throw error
      return exchange.explain(reply, error)
    }
    if (isSameRenewal(tokens, refused) || !exchange.isReplayable) {
      gate.tell({ type: 'request-released', ...event })
      return reply
    }
    exchange.discard(reply)
    gate.tell({ type: 'request-replayed', ...event })
    const second = await sendWith(exchange, tokens)
    const again = isRefused(exchange, second)
    if (!(typeof again === 'boolean' ? again : await again)) accept(exchange)
    else if (isLate) return recover(exchange, tokens, second, event, false)
    else hopeless.add(route)
    return second
  }

  return {
    allowedOrigins,
    page,
    refreshUrl: refresh.url,
    onDispose: gate.onDispose,
    clients: new WeakMap(),
    send(exchange) {
      if (gate.isRefreshing && isRefreshItself(exchange)) return exchange.send(null)
      const admitted = exchange.mayRefresh ? gate.admit(exchange) : gate.tokens
      if (admitted instanceof Promise) return hold(exchange, admitted)
      return admitted ? deliver(exchange, admitted) : exchange.send(null)
    },
  }
}

const codeOf = (error: unknown): string => (isAuthError(error) ? error.code : 'ABORTED')
