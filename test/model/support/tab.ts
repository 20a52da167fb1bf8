import type { RequestGate } from '../../../src/core/request-gate.js'
import { assembleSession } from '../../../src/core/session.js'
import type { Session } from '../../../src/core/session-contract.js'
import { createRequestGuard } from '../../../src/http/request-guard.js'
import { attachGuard } from '../../../src/http/session-guard.js'
import type { Place } from './agenda.js'
import { apiOrigin, createApi, foreignOrigin, type ModelRequest, type Route } from './api.js'
import { familyOf, type SignIn } from './auth-server.js'
import { openClient } from './clients.js'
import { createFakePage } from './fake-page.js'
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
  readonly gate: RequestGate
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

const pageUrl = 'https://app.test/'

export function openTab(world: World, name: string): Tab {
  const { agenda, config, channel, lock, store, server, hear } = world
  const place: Place = { isFrozen: false, isGone: false }
  const clock = world.clock.of(place)
  const page = createFakePage(world.network)
  const requests: ModelRequest[] = []
  const calls: ModelCall[] = []
  const openedAt = agenda.now
  let isDisposed = false
  let asleepMs = 0
  let frozenAt = 0

  const { session, gate } = assembleSession({
    store: store.of(place),
    renew: world.line.of(place, clock.now),
    readSignIn: (given) => given,
    canRenew: ({ refreshToken }) => refreshToken !== undefined,
    timing: config.timing,
    refreshTimeoutMs: config.refreshTimeoutMs,
    autoRefresh: config.autoRefresh,
    environment: { clock, random: world.random, lock: lock.of(place), channel: channel.of(place), page },
  })
  attachGuard(
    session,
    createRequestGuard(gate, {
      allowedOrigins: [],
      page: () => pageUrl,
      refresh: { isOwnCall: () => false, url: `${apiOrigin}/refresh` },
    }),
  )
  const api = createApi({
    agenda,
    place,
    server,
    onSend: (request) => hear({ type: 'request-sent', tab, request }),
    onAnswer: (request) => hear({ type: 'request-answered', tab, request }),
    isInHand: (accessToken) => gate.tokens?.accessToken === accessToken,
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
    gate,
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
      return page.listeners
    },
    get family() {
      return gate.tokens ? familyOf(gate.tokens.accessToken) : undefined
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
      page.signal('freeze')
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
      page.signal('wake')
    },
    wake: () => page.signal('wake'),
    networkIsBack: () => page.signal('online'),
  }
  session.on((event) => hear({ type: 'told', tab, event }))
  session.subscribe((state) => hear({ type: 'shown', tab, state }))
  track('ready', session.ready)
  return tab
}
