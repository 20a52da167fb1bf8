import axios, { AxiosError, type AxiosInstance } from 'axios'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { withSession } from '../../../src/axios.js'
import type {
  AuthError,
  RefreshEndpoint,
  RefreshFunction,
  Session,
  SessionEvent,
} from '../../../src/index.js'
import { headerPair } from '../../../src/servers.js'
import { elapse } from '../../support/elapse.js'
import { openSession } from '../../support/guarded-api.js'

const user = { accessToken: 'access-1', refreshToken: 'refresh-1' }
const limitMs = 10_000

/** Hooks that go wrong in every way there is. */
const waysToFail: [string, () => unknown][] = [
  [
    'throws',
    () => {
      throw new Error('mine')
    },
  ],
  [
    'throws what is no error',
    () => {
      throw undefined
    },
  ],
  ['rejects', () => Promise.reject(new Error('mine'))],
  ['rejects with nothing', () => Promise.reject()],
  ['never settles', () => new Promise(() => {})],
  ['gives nothing', () => undefined],
  ['gives what cannot be meant', () => ({ nonsense: true })],
]

beforeEach(() => vi.useFakeTimers({ now: Date.UTC(2030, 0, 1) }))
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

function watch(session: Session): SessionEvent[] {
  const events: SessionEvent[] = []
  session.on((event) => events.push(event))
  return events
}

/** The error's code once it is there, or what the call came to. */
const outcomeOf = (call: Promise<unknown>, waitMs = 3 * limitMs): Promise<unknown> =>
  elapse(call, waitMs).catch((error: AuthError) => error.code)

describe('a refresh function', () => {
  const good: RefreshFunction = async () => ({ accessToken: 'access-2', refreshToken: 'refresh-2' })

  test.each(waysToFail)(
    'that %s fails the call within its limit, emits an event, and costs no session',
    async (_, fail) => {
      const refresh = vi.fn(good).mockImplementation(fail as never)
      const session = openSession({ refresh })
      await session.setTokens(user)
      const events = watch(session)
      expect(await outcomeOf(session.refresh())).toMatch(/^REFRESH_(FAILED|TIMEOUT)$/)
      await vi.advanceTimersByTimeAsync(60_000)
      expect(events.map(({ type }) => type)).toContain('refresh-failed')
      expect(session.state).toMatchObject({ status: 'signed-in', refreshing: false })
      refresh.mockImplementation(good)
      expect(await outcomeOf(session.refresh())).toBe('access-2')
    },
  )

  test.each<[string, (session: Session) => Promise<unknown>]>([
    ['refresh', (session) => session.refresh()],
    ['getAccessToken', (session) => session.getAccessToken()],
  ])('that waits for session.%s, and so for itself, is let go at the limit', async (_, wait) => {
    const session: Session = openSession({
      refresh: async () => ({ accessToken: String(await wait(session)) }),
    })
    await session.setTokens({ ...user, expiresIn: 60 })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await outcomeOf(session.refresh())).toBe('REFRESH_TIMEOUT')
    await vi.advanceTimersByTimeAsync(3 * limitMs)
    expect(session.state).toMatchObject({ status: 'signed-in', refreshing: false })
  })

  test('that signs out lets all go with SESSION_CHANGED, and its tokens are dropped', async () => {
    const session: Session = openSession({
      async refresh() {
        await session.signOut()
        return { accessToken: 'access-2' }
      },
    })
    await session.setTokens(user)
    expect(await outcomeOf(session.refresh())).toBe('SESSION_CHANGED')
    await vi.advanceTimersByTimeAsync(1000)
    expect(session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
    expect(await session.getAccessToken()).toBeNull()
  })

  test('that signs somebody else in lets all go with SESSION_CHANGED, and the new user stays', async () => {
    const session: Session = openSession({
      async refresh() {
        await session.setTokens({ accessToken: 'access-9' })
        return { accessToken: 'access-2' }
      },
    })
    await session.setTokens(user)
    expect(await outcomeOf(session.refresh())).toBe('SESSION_CHANGED')
    await vi.advanceTimersByTimeAsync(1000)
    expect(await session.getAccessToken()).toBe('access-9')
  })

  test('that disposes of the session lets all go with DISPOSED, and nothing is left', async () => {
    const session: Session = openSession({
      async refresh() {
        session.dispose()
        return { accessToken: 'access-2' }
      },
    })
    await session.setTokens(user)
    expect(await outcomeOf(session.refresh())).toBe('DISPOSED')
    await vi.advanceTimersByTimeAsync(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('is handed the tokens and a signal that aborts when nobody waits any more', async () => {
    const refresh = vi.fn(() => new Promise<never>(() => {}))
    const session = openSession({ refresh })
    await session.setTokens(user)
    const waiting = outcomeOf(session.refresh())
    await vi.advanceTimersByTimeAsync(0)
    const [[context]] = refresh.mock.calls as unknown as [[{ tokens: unknown; signal: AbortSignal }]]
    expect(context.tokens).toEqual(user)
    expect(context.signal.aborted).toBe(false)
    await session.signOut()
    expect(context.signal.aborted).toBe(true)
    expect(await waiting).toBe('SESSION_CHANGED')
  })
})

describe.each(['parse', 'classify'] as const)('%s', (hook) => {
  /** The endpoint answers 400, and the hook says what that means. */
  async function signedIn(
    own: (session: Session) => unknown,
  ): Promise<{ session: Session; events: SessionEvent[] }> {
    vi.stubGlobal('fetch', async () => Response.json({ status: 'odd' }, { status: 400 }))
    const endpoint: RefreshEndpoint = {
      ...headerPair({ url: '/auth/refresh' }),
      // The sign-in is read by `parse` too.
      [hook]: () => (session.state.status === 'signed-in' ? own(session) : null),
    }
    const session: Session = openSession({ refresh: endpoint })
    await session.setTokens(user)
    return { session, events: watch(session) }
  }

  test.each(waysToFail)(
    'that %s fails the call within its limit, emits an event, and costs no session',
    async (_, fail) => {
      const { session, events } = await signedIn(fail)
      expect(await outcomeOf(session.refresh())).toMatch(/^REFRESH_(FAILED|REFUSED)$/)
      expect(events.map(({ type }) => type)).toContain('refresh-failed')
      expect(session.state).toMatchObject({ status: 'signed-in', refreshing: false })
    },
  )

  test('that signs out lets all go with SESSION_CHANGED', async () => {
    const { session } = await signedIn((own) => {
      void own.signOut()
      return hook === 'parse' ? { accessToken: 'access-2' } : 'retry'
    })
    expect(await outcomeOf(session.refresh())).toBe('SESSION_CHANGED')
    await vi.advanceTimersByTimeAsync(limitMs)
    expect(session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
  })

  test('that asks for a refresh joins the one that is under way', async () => {
    const { session } = await signedIn((own) => {
      own.refresh().catch(() => {})
      return hook === 'parse' ? { accessToken: 'access-2' } : 'misconfigured'
    })
    expect(await outcomeOf(session.refresh())).toBe(hook === 'parse' ? 'access-2' : 'REFRESH_REFUSED')
    await vi.advanceTimersByTimeAsync(limitMs)
    expect(session.state).toMatchObject({ refreshing: false })
  })
})

describe('send', () => {
  test.each(waysToFail)('that %s fails the call within its limit, and costs no session', async (_, fail) => {
    vi.stubGlobal('fetch', async () => new Response(null, { status: 503 }))
    const session = openSession({ refresh: { url: '/auth/refresh', send: fail as never } })
    await session.setTokens(user)
    expect(await outcomeOf(session.refresh())).toMatch(/^REFRESH_(FAILED|REFUSED)$/)
    expect(session.state).toMatchObject({ status: 'signed-in', refreshing: false })
  })
})

describe('fetch', () => {
  test.each(waysToFail)('that %s fails the call within its limit, and costs no session', async (_, fail) => {
    const endpoint: RefreshEndpoint = { ...headerPair({ url: '/auth/refresh' }), fetch: fail as never }
    const session = openSession({ refresh: endpoint })
    await session.setTokens(user)
    const events = watch(session)
    expect(await outcomeOf(session.refresh())).toMatch(/^REFRESH_(FAILED|TIMEOUT)$/)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(events.map(({ type }) => type)).toContain('refresh-failed')
    expect(session.state).toMatchObject({ status: 'signed-in', refreshing: false })
  })

  test('sends the refresh call in place of the global one', async () => {
    const global = vi.fn()
    vi.stubGlobal('fetch', global)
    const own = vi.fn(async (_url: string, _init: RequestInit) => Response.json({ accessToken: 'access-2' }))
    const session = openSession({ refresh: { ...headerPair({ url: '/auth/refresh' }), fetch: own } })
    await session.setTokens(user)
    expect(await session.refresh()).toBe('access-2')
    expect(own.mock.calls).toEqual([
      ['http://app.test/auth/refresh', expect.objectContaining({ method: 'POST' })],
    ])
    expect(global).not.toHaveBeenCalled()
  })
})

describe('signOut', () => {
  test.each(waysToFail)('that %s does not keep the user signed in', async (how, fail) => {
    const endpoint: RefreshEndpoint = { ...headerPair({ url: '/auth/refresh' }), signOut: fail }
    const session = openSession({ refresh: endpoint })
    await session.setTokens(user)
    const events = watch(session)
    await session.signOut()
    expect(session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
    await vi.advanceTimersByTimeAsync(60_000)
    const warnings = events.filter(({ type }) => type === 'warning')
    expect(warnings).toHaveLength(/throws|rejects/.test(how) ? 1 : 0)
  })

  test('is called with the tokens, once', async () => {
    const signOut = vi.fn()
    const session = openSession({ refresh: { ...headerPair({ url: '/auth/refresh' }), signOut } })
    await session.setTokens(user)
    await session.signOut()
    await session.signOut()
    expect(signOut.mock.calls).toEqual([[expect.objectContaining(user)]])
  })
})

describe('onReply', () => {
  test.each(waysToFail)('that %s leaves the reply to the caller as it is', async (_, fail) => {
    const endpoint: RefreshEndpoint = { ...headerPair({ url: '/auth/refresh' }), onReply: fail as never }
    const session = openSession({ refresh: endpoint })
    await session.setTokens(user)
    const api = withSession(
      axios.create({
        baseURL: 'http://app.test/api',
        adapter: async (config) => ({ status: 200, statusText: '', headers: {}, data: 'fine', config }),
      }),
      session,
    )
    expect((await elapse(api.get('/me'))).data).toBe('fine')
    expect(await session.getAccessToken()).toBe('access-1')
  })
})

describe('isExpired', () => {
  /** An API that answers 419 to the first token. */
  async function signedIn(isExpired: (session: Session) => unknown) {
    const refresh = vi.fn<RefreshFunction>(async () => ({ accessToken: 'access-2' }))
    const session: Session = openSession({ refresh, isExpired: () => isExpired(session) as boolean })
    const api: AxiosInstance = axios.create({
      baseURL: 'http://app.test/api',
      async adapter(config) {
        const status = config.headers.get('Authorization') === 'Bearer access-1' ? 419 : 200
        const response = { status, statusText: '', headers: {}, data: {}, config }
        if (status === 200) return response
        throw new AxiosError('refused', AxiosError.ERR_BAD_REQUEST, config, undefined, response)
      },
    })
    withSession(api, session)
    await session.setTokens(user)
    return { session, api, refresh, events: watch(session) }
  }

  /** The status of a call, whether it is an error or not. */
  const statusOf = (call: Promise<{ status: number }>): Promise<number | undefined> =>
    elapse(call).then(
      ({ status }) => status,
      ({ response }: AxiosError) => response?.status,
    )

  test.each(waysToFail)('that %s leaves the reply to the caller as it is', async (_, fail) => {
    const { session, api, refresh } = await signedIn(fail)
    expect(await statusOf(api.get('/me'))).toBe(419)
    expect(refresh).not.toHaveBeenCalled()
    expect(session.state).toMatchObject({ status: 'signed-in' })
  })

  test('that throws causes a warning', async () => {
    const { api, events } = await signedIn(() => {
      throw new Error('mine')
    })
    await statusOf(api.get('/me'))
    expect(events).toContainEqual(expect.objectContaining({ type: 'warning', code: 'IS_EXPIRED_THREW' }))
  })

  test('that asks for a refresh itself shares it with the request', async () => {
    const { api, refresh } = await signedIn((session) => {
      if (session.state.status === 'signed-in' && refresh.mock.calls.length === 0)
        session.refresh().catch(() => {})
      return refresh.mock.calls.length === 0
    })
    expect(await statusOf(api.get('/me'))).toBe(200)
    expect(refresh).toHaveBeenCalledTimes(1)
  })

  test('that signs out leaves the caller its reply', async () => {
    const { session, api, refresh } = await signedIn((own) => {
      void own.signOut()
      return true
    })
    expect(await statusOf(api.get('/me'))).toBe(419)
    expect(session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
    expect(refresh).not.toHaveBeenCalled()
  })
})

describe('a listener', () => {
  test.each(waysToFail)('that %s disturbs neither the session nor the other listeners', async (_, fail) => {
    const session = openSession({
      refresh: async () => ({ accessToken: 'access-2' }),
      debug: fail as (line: string) => void,
    })
    session.on(fail as () => void)
    session.subscribe(fail as () => void)
    const events = watch(session)
    const states: string[] = []
    session.subscribe(({ status }) => states.push(status))
    await session.setTokens(user)
    expect(await session.refresh()).toBe('access-2')
    await session.signOut()
    await vi.advanceTimersByTimeAsync(0)
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['signed-in', 'refresh-started', 'refresh-succeeded', 'signed-out']),
    )
    expect(states.at(-1)).toBe('signed-out')
  })
})
