import { assembleSession, type Session } from '../../../src/core/session.js'
import type { TokenSource } from '../../../src/core/token-source.js'
import { connect } from '../../../src/http/connection.js'
import { keepFresh } from '../../../src/index.js'
import type { Place } from './agenda.js'
import { apiOrigin, createApi, foreignOrigin, type ModelRequest, type Route } from './api.js'
import { familyOf, type SignIn } from './auth-server.js'
import { openClient } from './clients.js'
import { createFakeLifecycle } from './fake-lifecycle.js'
import type { World } from './world.js'

/** A call of the session's own methods. */
export interface ModelCall {
  readonly name: 'getAccessToken' | 'refresh' | 'setTokens' | 'signOut' | 'ready'
  /** The tab's awake time when it was made. */
  readonly madeAt: number
  outcome: { value: unknown } | { error: unknown } | undefined
}

export interface RequestShape {
  route: Route
  latencyMs: number
  isReplayable: boolean
  /** The API's reply does not arrive. */
  isLost: boolean
}

/** One tab: a session of its own on what all tabs share, and the app in it. */
export interface Tab {
  readonly name: string
  readonly place: Readonly<Place>
  readonly session: Session
  readonly source: TokenSource
  readonly isDisposed: boolean
  /** Neither frozen, nor disposed of, nor gone: the app can act. */
  readonly isAwake: boolean
  /** Time that the tab was not frozen. */
  readonly awakeMs: number
  readonly timers: number
  readonly pageListeners: number
  /** The family whose tokens are in hand. */
  readonly family: number | undefined
  readonly requests: readonly ModelRequest[]
  readonly calls: readonly ModelCall[]
  request(shape: Partial<RequestShape>): ModelRequest
  requestElsewhere(): void
  signIn(how: SignIn): void
  signOut(): void
  getAccessToken(minValidityMs: number): void
  refresh(): void
  dispose(): void
  crash(): void
  freeze(): void
  thaw(): void
  wake(): void
  networkIsBack(): void
}

export function openTab(world: World, name: string): Tab {
  const { agenda, config, channel, lock, store, server, hear } = world
  const place: Place = { isFrozen: false, isGone: false }
  const clock = world.clock.of(place)
  const lifecycle = createFakeLifecycle(world.network)
  const requests: ModelRequest[] = []
  const calls: ModelCall[] = []
  const openedAt = agenda.now
  let isDisposed = false
  let asleepMs = 0
  let frozenAt = 0

  const environment = {
    clock,
    random: world.random,
    lock: lock.of(place),
    channel: channel.of(place),
    lifecycle,
  }
  const { session, source } = assembleSession({
    store: store.of(place),
    callRefresh: world.line.of(place, clock.now),
    readSignIn: (given) => given,
    canRefresh: ({ refreshToken }) => refreshToken !== undefined,
    timing: config.timing,
    refreshTimeoutMs: config.refreshTimeoutMs,
    environment,
  })
  connect(session, source, lifecycle, [], { refreshUrl: `${apiOrigin}/refresh` })
  if (config.isKeptFresh) keepFresh(session)
  const api = createApi({
    agenda,
    place,
    server,
    onSend: (request) => hear({ type: 'request-sent', tab, request }),
    onAnswer: (request) => hear({ type: 'request-answered', tab, request }),
    isInHand: (accessToken) => source.record?.accessToken === accessToken,
  })
  const client = openClient(config.client, session, api)

  function track(name: ModelCall['name'], promise: Promise<unknown>): void {
    const call: ModelCall = { name, madeAt: tab.awakeMs, outcome: undefined }
    calls.push(call)
    hear({ type: 'call-made', tab, call })
    const settle = (outcome: ModelCall['outcome']): void => {
      call.outcome = outcome
      hear({ type: 'call-settled', tab, call })
    }
    promise.then(
      (value) => settle({ value }),
      (error) => settle({ error }),
    )
  }

  function send(origin: string, shape: Partial<RequestShape>): ModelRequest {
    const { route = 'curable', latencyMs = 30, isReplayable = true, isLost = false } = shape
    const id = world.nextRequestId()
    const request: ModelRequest = {
      id,
      route,
      latencyMs,
      isReplayable,
      isLost,
      url: `${origin}/${route}/${id}`,
      family: tab.family,
      madeAt: tab.awakeMs,
      aborter: new AbortController(),
      sends: [],
      lates: [],
      outcome: undefined,
    }
    requests.push(request)
    const settle = (outcome: ModelRequest['outcome']): void => {
      request.outcome = outcome
      hear({ type: 'request-settled', tab, request })
    }
    client(request).then(
      (reply) => settle({ reply }),
      (error) => settle({ error }),
    )
    return request
  }

  const tab: Tab = {
    name,
    place,
    session,
    source,
    requests,
    calls,
    get isDisposed() {
      return isDisposed
    },
    get isAwake() {
      return !isDisposed && !place.isFrozen && !place.isGone
    },
    get awakeMs() {
      return agenda.now - openedAt - asleepMs - (place.isFrozen ? agenda.now - frozenAt : 0)
    },
    get timers() {
      return clock.pending
    },
    get pageListeners() {
      return lifecycle.listeners
    },
    get family() {
      return source.record ? familyOf(source.record.accessToken) : undefined
    },
    request: (shape) => send(apiOrigin, shape),
    requestElsewhere: () => void send(foreignOrigin, {}),
    signIn(how) {
      const tokens = server.signIn(how)
      hear({ type: 'acted', tab, left: tab.family, family: familyOf(tokens.accessToken) })
      track('setTokens', session.setTokens(tokens))
    },
    signOut() {
      hear({ type: 'acted', tab, left: tab.family, family: undefined })
      track('signOut', session.signOut())
    },
    getAccessToken: (minValidityMs) => track('getAccessToken', session.getAccessToken({ minValidityMs })),
    refresh: () => track('refresh', session.refresh()),
    dispose() {
      session.dispose()
      isDisposed = true
      hear({ type: 'disposed', tab })
    },
    crash() {
      place.isGone = true
      hear({ type: 'crashed', tab })
      lock.drop(place)
    },
    freeze() {
      lifecycle.signal('freeze')
      place.isFrozen = true
      frozenAt = agenda.now
      hear({ type: 'frozen', tab })
      lock.stir()
    },
    thaw() {
      place.isFrozen = false
      asleepMs += agenda.now - frozenAt
      hear({ type: 'thawed', tab })
      lock.stir()
      lifecycle.signal('wake')
    },
    wake: () => lifecycle.signal('wake'),
    networkIsBack: () => lifecycle.signal('online'),
  }
  session.on((event) => hear({ type: 'told', tab, event }))
  session.subscribe((state) => hear({ type: 'shown', tab, state }))
  track('ready', session.ready)
  return tab
}
