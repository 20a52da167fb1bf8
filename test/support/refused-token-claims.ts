import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Session, SessionEvent, SessionOptions, TokenSet } from '../../src/index.js'
import { headerPair } from '../../src/servers.js'
import { authorizationOf, type Backend, refreshUrl } from './backend.js'
import { elapse } from './elapse.js'
import { type Holding, holding } from './holding.js'

/** What a request came to: the reply's status where there is one, and the code of the `AuthError` where there is one. */
export interface Outcome {
  status?: number
  code?: string | undefined
}

/** A signed-in user at an HTTP client. */
export interface Client {
  session: Session
  /** Gets a path of the API. Never rejects. */
  get(
    path: string,
    init?: { signal?: AbortSignal; latchkey?: { attach?: boolean; refresh?: boolean } },
  ): Promise<Outcome>
}

export type OpenClient = (options?: Partial<SessionOptions>, tokens?: Partial<TokenSet>) => Promise<Client>

const paths = ['/a', '/b', '/c']

/** What every HTTP client does with requests that meet a token which the server has just refused. */
export function claimRefusedTokensWait(backend: Backend, open: OpenClient): void {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  /** Each request that reached the API, with its token, in the order of their paths. */
  const sent = (): string[] =>
    backend.calls.map((call) => `${call.url.pathname.replace('/api', '')} ${authorizationOf(call)}`).sort()

  function holdRefresh(): Holding {
    const refresh = holding(backend.renew)
    backend.renew = refresh.respond
    return refresh
  }

  /** The requests that are held from now on, and a wait for the last of `count`. */
  function watchHeld(session: Session): { urls: string[]; until(count: number): Promise<void> } {
    const urls: string[] = []
    let onHeld = (): void => {}
    session.on((event) => {
      if (event.type !== 'request-held') return
      expect(event.reason).toBe('refused')
      urls.push(event.url)
      onHeld()
    })
    const until = (count: number): Promise<void> =>
      elapse(
        new Promise<void>((resolve) => {
          onHeld = () => urls.length >= count && resolve()
          onHeld()
        }),
        5000,
      )
    return { urls, until }
  }

  /** A client whose first request was refused, and whose refresh waits to be released. */
  async function openRefused(options?: Partial<SessionOptions>) {
    const client = await open(options)
    const refresh = holdRefresh()
    const first = client.get('/first')
    await elapse(refresh.arrived, 5000)
    return { ...client, refresh, first, held: watchHeld(client.session) }
  }

  describe('while the refresh of a refused token is under way', () => {
    beforeEach(() => backend.accepted.clear())

    test('further requests wait for it, and go out once, with the new token', async () => {
      const { get, refresh, first, held } = await openRefused()
      const others = paths.map((path) => get(path))
      await held.until(3)
      expect(sent()).toEqual(['/first Bearer access-1'])
      refresh.release()
      const outcomes = await elapse(Promise.all([first, ...others]))
      expect(outcomes.map(({ status }) => status)).toEqual([200, 200, 200, 200])
      expect(sent()).toEqual([
        '/a Bearer access-2',
        '/b Bearer access-2',
        '/c Bearer access-2',
        '/first Bearer access-1',
        '/first Bearer access-2',
      ])
      expect(backend.refreshes).toHaveLength(1)
    })

    test('a request that waits is held once, and released under the same id', async () => {
      const { session, get, refresh, held } = await openRefused()
      const events: SessionEvent[] = []
      session.on((event) => events.push(event))
      const other = get('/other')
      await held.until(1)
      refresh.release()
      await elapse(other)
      const url = 'http://app.test/api/other'
      const story = events.filter((event) => 'url' in event && event.url === url)
      const request = { id: expect.any(Number), method: 'GET', url }
      expect(story).toMatchObject([
        { type: 'request-held', reason: 'refused', ...request },
        { type: 'request-released', ...request },
      ])
      expect(new Set(story.map((event) => 'id' in event && event.id)).size).toBe(1)
    })

    test('a request with refresh: false does not wait, and its 401 is its own', async () => {
      const { get, refresh, first, held } = await openRefused()
      expect(await elapse(get('/own', { latchkey: { refresh: false } }), 5000)).toEqual({ status: 401 })
      expect(held.urls).toEqual([])
      refresh.release()
      expect(await elapse(first)).toEqual({ status: 200 })
    })

    test('a request without the token does not wait', async () => {
      const { get, refresh, first, held } = await openRefused()
      await elapse(get('/public', { latchkey: { attach: false } }), 5000)
      expect(sent()).toEqual(['/first Bearer access-1', '/public null'])
      expect(held.urls).toEqual([])
      refresh.release()
      await elapse(first)
    })

    test('a request that is aborted leaves at once, unsent, and the others wait on', async () => {
      const { get, refresh, first, held } = await openRefused()
      const controller = new AbortController()
      const aborted = get('/aborted', { signal: controller.signal })
      const other = get('/other')
      await held.until(2)
      controller.abort()
      expect(await elapse(aborted, 5000)).not.toHaveProperty('status')
      refresh.release()
      expect(await elapse(Promise.all([first, other]))).toEqual([{ status: 200 }, { status: 200 }])
      expect(sent().join()).not.toContain('/aborted')
    })

    test.each<[string, (session: Session) => unknown, string]>([
      ['the user signs out', (session) => session.signOut(), 'SESSION_CHANGED'],
      ['another user signs in', (session) => session.setTokens({ accessToken: 'other' }), 'SESSION_CHANGED'],
      ['the session is disposed of', (session) => session.dispose(), 'DISPOSED'],
    ])('requests that wait are not sent when %s', async (_, leave, code) => {
      const { session, get, refresh, first, held } = await openRefused()
      const others = paths.map((path) => get(path))
      await held.until(3)
      leave(session)
      expect(await elapse(Promise.all(others))).toEqual([{ code }, { code }, { code }])
      await elapse(first)
      refresh.release()
      await vi.advanceTimersByTimeAsync(1000)
      expect(sent()).toEqual(['/first Bearer access-1'])
    })

    test('the requests of a user who signs in then do not wait', async () => {
      const { session, get, refresh, first } = await openRefused()
      void session.setTokens({ accessToken: 'other-1', refreshToken: 'other-refresh-1' })
      await elapse(first)
      backend.accepted.add('other-1')
      const held = watchHeld(session)
      expect(await elapse(get('/other'), 5000)).toEqual({ status: 200 })
      expect(held.urls).toEqual([])
      refresh.release()
    })
  })

  describe('when the refresh of a refused token', () => {
    test('fails for now, those that waited go out with the token in hand', async () => {
      backend.renew = () => new Response(null, { status: 503 })
      const { answer } = backend
      backend.answer = (call) =>
        call.url.pathname === '/api/first' ? new Response(null, { status: 401 }) : answer(call)
      const { session, get, refresh, first, held } = await openRefused()
      const others = paths.map((path) => get(path))
      await held.until(3)
      expect(sent()).toEqual(['/first Bearer access-1'])
      refresh.release()
      expect(await elapse(first)).toEqual({ status: 401, code: 'REFRESH_FAILED' })
      expect(await elapse(Promise.all(others))).toEqual(Array(3).fill({ status: 200 }))
      expect(await elapse(get('/later'))).toEqual({ status: 200 })
      expect(sent()).toEqual(['/a', '/b', '/c', '/first', '/later'].map((path) => `${path} Bearer access-1`))
      expect(held.urls).toHaveLength(3)
      expect(session.state.status).toBe('signed-in')
    })

    test('fails for now, and the API refuses those that waited, each gets its own 401, and the reason', async () => {
      backend.accepted.clear()
      backend.renew = () => new Response(null, { status: 503 })
      const { session, get, refresh, first, held } = await openRefused()
      const others = paths.map((path) => get(path))
      await held.until(3)
      refresh.release()
      expect(await elapse(Promise.all([first, ...others]))).toEqual(
        Array(4).fill({ status: 401, code: 'REFRESH_FAILED' }),
      )
      expect(sent()).toEqual(['/a', '/b', '/c', '/first'].map((path) => `${path} Bearer access-1`))
      expect(session.state.status).toBe('signed-in')
    })

    test('ends the session, those that waited fail unsent', async () => {
      backend.accepted.clear()
      backend.renew = () => new Response(null, { status: 401 })
      const { session, get, refresh, held } = await openRefused()
      const others = paths.map((path) => get(path))
      await held.until(3)
      refresh.release()
      expect(await elapse(Promise.all(others))).toEqual(Array(3).fill({ code: 'SESSION_EXPIRED' }))
      expect(sent()).toEqual(['/first Bearer access-1'])
      expect(session.state).toEqual({ status: 'signed-out', reason: 'expired' })
    })
  })

  test('a request to a route that a refresh did not help does not wait', async () => {
    const { answer } = backend
    backend.answer = (call) =>
      call.url.pathname === '/api/futile' ? new Response(null, { status: 401 }) : answer(call)
    const { session, get } = await open()
    expect(await elapse(get('/futile'))).toEqual({ status: 401 })
    expect(await elapse(get('/fine'))).toEqual({ status: 200 })
    expect(backend.refreshes).toHaveLength(1)
    backend.accepted.clear()
    const refresh = holdRefresh()
    const first = get('/first')
    await elapse(refresh.arrived, 5000)
    const held = watchHeld(session)
    const other = get('/other')
    await held.until(1)
    expect(await elapse(get('/futile'), 5000)).toEqual({ status: 401 })
    expect(held.urls).toEqual(['http://app.test/api/other'])
    refresh.release()
    expect(await elapse(Promise.all([first, other]))).toEqual([{ status: 200 }, { status: 200 }])
    expect(sent().filter((request) => request.startsWith('/futile'))).toEqual([
      '/futile Bearer access-1',
      '/futile Bearer access-2',
      '/futile Bearer access-2',
    ])
    expect(sent()).not.toContain('/other Bearer access-2')
  })

  describe('a refresh that no refusal caused', () => {
    const refresh = { ...headerPair({ url: refreshUrl }), timing: 'any' } as const

    /** A client whose token is about to expire. */
    async function openAhead(): Promise<Client & { pending: Holding }> {
      const client = await open({ refresh }, { expiresIn: 100 })
      vi.setSystemTime(Date.now() + 95_000)
      return { ...client, pending: holdRefresh() }
    }

    test('holds nobody where it began ahead of the expiry', async () => {
      const { session, get, pending } = await openAhead()
      const held = watchHeld(session)
      expect(await elapse(get('/first'), 1000)).toEqual({ status: 200 })
      await elapse(pending.arrived, 1000)
      expect(await elapse(Promise.all(paths.map((path) => get(path))), 1000)).toEqual(
        Array(3).fill({ status: 200 }),
      )
      expect(sent()).toEqual([...paths, '/first'].map((path) => `${path} Bearer access-1`))
      expect(held.urls).toEqual([])
      pending.release()
      expect(await elapse(session.refresh())).toBe('access-2')
    })

    test('holds nobody where the app asked for it', async () => {
      const { session, get } = await open()
      const pending = holdRefresh()
      const held = watchHeld(session)
      const asked = session.refresh()
      await elapse(pending.arrived, 5000)
      expect(await elapse(get('/me'), 5000)).toEqual({ status: 200 })
      expect(sent()).toEqual(['/me Bearer access-1'])
      expect(held.urls).toEqual([])
      pending.release()
      expect(await elapse(asked)).toBe('access-2')
    })

    test('holds further requests from the first refusal on', async () => {
      const { session, get, pending } = await openAhead()
      await elapse(get('/first'), 1000)
      await elapse(pending.arrived, 1000)
      const held = watchHeld(session)
      backend.accepted.clear()
      const refused = get('/refused')
      await held.until(1)
      const other = get('/other')
      await held.until(2)
      pending.release()
      expect(await elapse(Promise.all([refused, other]))).toEqual([{ status: 200 }, { status: 200 }])
      expect(sent()).toEqual([
        '/first Bearer access-1',
        '/other Bearer access-2',
        '/refused Bearer access-1',
        '/refused Bearer access-2',
      ])
    })
  })
}
