import { assembleSession, type Session } from '../../../src/core/session.js'
import type { TokenSource } from '../../../src/core/token-source.js'
import { connect } from '../../../src/http/connection.js'
import { keepFresh } from '../../../src/index.js'
import type { Place } from './agenda.js'
import { apiOrigin, createApi, foreignOrigin, type ModelRequest, type Route } from './api.js'
import { familyOf, type SignIn } from './auth-server.js'
import { openClient } from './clients.js'
import { createFakeLifecycle } from './fake-lifecycle.js'
import type { StoreTrouble } from './shared-store.js'
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

/** How a tab comes to be. */
export interface Opening {
  isPrerendered?: boolean | undefined
  /** What its first reading of the store meets, and all that follows. */
  trouble?: StoreTrouble | undefined
  /** The session that was disposed of in this very page, so that one shares the fate of the other. */
  before?: Tab | undefined
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
  /** Awake, and the user can see it and act. */
  readonly isInSight: boolean
  /** Time that the tab was not frozen, and could be seen. */
  readonly awakeMs: number
  readonly timers: number
  readonly pageListeners: number
  /** The family whose tokens are in hand. */
  readonly family: number | undefined
  readonly requests: readonly ModelRequest[]
  readonly calls: readonly ModelCall[]
  /** Up to which generation it was told that the refresh tokens of each session are spent. */
  readonly toldSpent: Map<string, number>
  request(shape: Partial<RequestShape>): ModelRequest
  requestElsewhere(): void
  /** Something in the app sends the nth of the requests that are settled again, later than any cure of ours. */
  sendAgain(nth: number): void
  signIn(how: SignIn): void
  signOut(): void
  getAccessToken(minValidityMs: number): void
  refresh(): void
  dispose(): void
  crash(): void
  /** The window is closed in good order. */
  close(): void
  /** The user comes to see a prerendered page. */
  show(): void
  freeze(): void
  thaw(): void
  wake(): void
  networkIsBack(): void
}

export function openTab(
  world: World,
  name: string,
  { isPrerendered = false, trouble, before }: Opening,
): Tab {
  const { agenda, config, channel, lock, store, server, hear } = world
  const place: Place = { isFrozen: false, isGone: false, isClosed: false, isPrerendered }
  const clock = world.clock.of(place)
  const lifecycle = createFakeLifecycle(world.network, place)
  const requests: ModelRequest[] = []
  const calls: ModelCall[] = []
  let openedAt = agenda.now
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
  if (trouble) store.trouble(place, trouble)
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

  function send(origin: string, shape: Partial<RequestShape>, earlier?: ModelRequest): ModelRequest {
    const { route = 'curable', latencyMs = 30, isReplayable = true, isLost = false } = shape
    // Whose it is stays as it was, if it was anybody's.
    const isOwned = earlier?.session !== undefined
    const id = world.nextRequestId()
    const request: ModelRequest = {
      id,
      route,
      latencyMs,
      isReplayable,
      isLost,
      url: `${origin}/${route}/${id}`,
      family: isOwned ? earlier.family : tab.family,
      session: isOwned ? earlier.session : source.record?.session,
      earlier,
      config: undefined,
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
    toldSpent: new Map(),
    get isDisposed() {
      return isDisposed
    },
    get isAwake() {
      return !isDisposed && !place.isFrozen && !place.isGone
    },
    get isInSight() {
      return tab.isAwake && !place.isPrerendered
    },
    get awakeMs() {
      if (place.isPrerendered) return 0
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
    sendAgain(nth) {
      const settled = [...(before?.requests ?? []), ...requests].filter(({ outcome }) => outcome)
      const earlier = settled[nth % settled.length]
      if (earlier) send(new URL(earlier.url).origin, earlier, earlier)
    },
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
      before?.crash()
      place.isGone = true
      hear({ type: 'crashed', tab })
      lock.drop(place)
    },
    close() {
      place.isClosed = true
      tab.crash()
    },
    show() {
      place.isPrerendered = false
      openedAt = agenda.now
      hear({ type: 'activated', tab })
      lifecycle.activate()
      lifecycle.signal('wake')
      channel.show(place)
    },
    freeze() {
      before?.freeze()
      lifecycle.signal('freeze')
      place.isFrozen = true
      frozenAt = agenda.now
      hear({ type: 'frozen', tab })
      lock.stir()
    },
    thaw() {
      before?.thaw()
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
