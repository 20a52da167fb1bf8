import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  AuthError,
  createSession,
  isAuthError,
  keepFresh,
  memoryStore,
  type Session,
  type SessionEvent,
  type SessionOptions,
  type SessionState,
  type StoredTokens,
  type TokenStore,
  webStorageStore,
} from '../../../src/index.js'
import { deferred } from '../../support/deferred.js'
import { openSession } from '../../support/guarded-api.js'
import { storedRecord } from '../../support/stored-record.js'
import { unsignedJwt } from '../../support/unsigned-jwt.js'

const user = { accessToken: 'access-1', refreshToken: 'refresh-1', expiresIn: 900 }
const renew = vi.fn()

/** A session with a refresh function, in a store of its own. */
const open = (options: Partial<SessionOptions> = {}): Session => openSession({ refresh: renew, ...options })

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2030, 0, 1) })
  let issued = 1
  renew.mockReset().mockImplementation(async () => {
    issued++
    return { accessToken: `access-${issued}`, refreshToken: `refresh-${issued}`, expiresIn: 900 }
  })
})
afterEach(() => vi.useRealTimers())

describe('a new session', () => {
  test('is loading until its store has been read, then nobody is signed in', async () => {
    const session = open()
    expect(session.state).toEqual({ status: 'loading' })
    await session.ready
    expect(session.state).toEqual({ status: 'signed-out', reason: 'none' })
    expect(await session.getAccessToken()).toBeNull()
    expect(renew).not.toHaveBeenCalled()
  })

  test('finds the user who was signed in before the reload', async () => {
    const store = memoryStore()
    const before = open({ store })
    await before.setTokens({ ...user, accessToken: unsignedJwt({ sub: 'u1' }) })
    before.dispose()
    const session = open({ store })
    await session.ready
    expect(session.state).toMatchObject({ status: 'signed-in', claims: { sub: 'u1' }, refreshing: false })
    expect(await session.getAccessToken()).toBe(unsignedJwt({ sub: 'u1' }))
  })

  test.each(['local', 'session'] as const)('finds them in %sStorage as well', async (kind) => {
    const store = webStorageStore(kind)
    const before = open({ store, name: 'reload' })
    await before.setTokens(user)
    before.dispose()
    const session = open({ store, name: 'reload' })
    await session.ready
    expect(await session.getAccessToken()).toBe('access-1')
    await session.signOut()
  })

  test('whose store is slow makes the first caller wait for it, not for a refusal', async () => {
    const reading = deferred<StoredTokens>()
    const session = open({ store: { ...memoryStore(), read: () => reading.promise } })
    let token: string | null | undefined
    const waiting = session.getAccessToken().then((found) => {
      token = found
    })
    await vi.advanceTimersByTimeAsync(1000)
    expect(token).toBeUndefined()
    reading.resolve(storedRecord())
    await waiting
    expect(token).toBe('access-1')
  })

  test('shares nothing with another one of the same name on memory', async () => {
    const one = open()
    const other = open()
    await one.setTokens(user)
    await other.ready
    expect(await other.getAccessToken()).toBeNull()
  })
})

describe('setTokens', () => {
  test('takes effect at once, before anything is stored', async () => {
    const writing = deferred<void>()
    const session = open({ store: { read: () => null, write: () => writing.promise } })
    await session.ready
    const set = session.setTokens(user)
    expect(session.state).toMatchObject({ status: 'signed-in', expiresAt: Date.now() + 900_000 })
    expect(await session.getAccessToken()).toBe('access-1')
    writing.resolve()
    await set
  })

  test.each([
    undefined,
    null,
    'access-1',
    {},
    { accessToken: '' },
    { accessToken: 'Bearer SECRET' },
    { accessToken: 'undefined' },
    { accessToken: 'SECRET\r\nX: 1' },
    { accessToken: 'access-9', refreshToken: 'SECRET SECRET' },
    { accessToken: 'access-9', expiresIn: -1 },
  ])('%j rejects with INVALID_TOKENS, and nothing changes', async (tokens) => {
    const write = vi.fn()
    const session = open({ store: { read: () => storedRecord() as StoredTokens, write } })
    await session.ready
    const [state, listener] = [session.state, vi.fn()]
    session.on(listener)
    const error = await session.setTokens(tokens as never).catch((reason: unknown) => reason)
    expect(isAuthError(error, 'INVALID_TOKENS')).toBe(true)
    expect(String((error as Error).stack)).not.toContain('SECRET')
    expect(session.state).toBe(state)
    expect(listener).not.toHaveBeenCalled()
    expect(write).not.toHaveBeenCalled()
  })

  test('bad tokens do not disturb a refresh that is under way', async () => {
    const answer = deferred<{ accessToken: string }>()
    renew.mockReturnValue(answer.promise)
    const session = open()
    await session.setTokens(user)
    const refresh = session.refresh()
    await vi.advanceTimersByTimeAsync(0)
    await expect(session.setTokens({} as never)).rejects.toMatchObject({ code: 'INVALID_TOKENS' })
    answer.resolve({ accessToken: 'access-2' })
    expect(await refresh).toBe('access-2')
  })

  test('what the caller does to the object afterwards changes nothing', async () => {
    const session = open()
    const tokens = { ...user }
    const set = session.setTokens(tokens)
    tokens.accessToken = 'changed'
    await set
    expect(await session.getAccessToken()).toBe('access-1')
  })

  test('what is stored is one record, and no more than is needed', async () => {
    const store = memoryStore()
    const session = open({ store })
    await session.setTokens({ ...user, user: { name: 'Zoë' } } as never)
    expect(store.read()).toEqual({
      version: 1,
      session: expect.any(String),
      generation: 1,
      accessToken: 'access-1',
      refreshToken: 'refresh-1',
      receivedAt: Date.now(),
      expiresAt: Date.now() + 900_000,
    })
  })
})

describe('getAccessToken', () => {
  test('gives the token that is there while it is good', async () => {
    const session = open()
    await session.setTokens(user)
    expect(await session.getAccessToken()).toBe('access-1')
    expect(renew).not.toHaveBeenCalled()
  })

  test('gives a new one when that has expired, to all who ask', async () => {
    const session = open()
    await session.setTokens(user)
    await vi.advanceTimersByTimeAsync(900_000)
    const tokens = await Promise.all(Array.from({ length: 20 }, () => session.getAccessToken()))
    expect(new Set(tokens)).toEqual(new Set(['access-2']))
    expect(renew).toHaveBeenCalledTimes(1)
  })

  test('gives one that is good for as long as is asked', async () => {
    const session = open()
    await session.setTokens(user)
    expect(await session.getAccessToken({ minValidityMs: 900_000 })).toBe('access-1')
    expect(await session.getAccessToken({ minValidityMs: 900_001 })).toBe('access-2')
  })

  test.each([Number.NaN, -1, 'soon'])(
    'a validity of %j rejects with INVALID_OPTIONS',
    async (minValidityMs) => {
      const session = open()
      await session.setTokens(user)
      const failure = { code: 'INVALID_OPTIONS', message: expect.stringContaining('minValidityMs takes') }
      await expect(session.getAccessToken({ minValidityMs } as never)).rejects.toMatchObject(failure)
    },
  )

  test('an opaque token without a lifetime is given until the server refuses it', async () => {
    const session = open()
    await session.setTokens({ accessToken: 'opaque', refreshToken: 'refresh-1' })
    await vi.advanceTimersByTimeAsync(365 * 86_400_000)
    expect(await session.getAccessToken({ minValidityMs: 900_000 })).toBe('opaque')
  })

  test('rejects at once with the reason of the signal', async () => {
    renew.mockReturnValue(new Promise(() => {}))
    const session = open()
    await session.setTokens(user)
    await vi.advanceTimersByTimeAsync(900_000)
    const controller = new AbortController()
    const token = session.getAccessToken({ signal: controller.signal })
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(token).rejects.toBe(reason)
  })
})

describe('refresh', () => {
  test('gives a new token, and stores it', async () => {
    const store = memoryStore()
    const session = open({ store })
    await session.setTokens(user)
    expect(await session.refresh()).toBe('access-2')
    expect(store.read()).toMatchObject({ generation: 2, accessToken: 'access-2', refreshToken: 'refresh-2' })
  })

  test('joins the one that is under way, as do all who need a token', async () => {
    const session = open()
    await session.setTokens(user)
    await vi.advanceTimersByTimeAsync(900_000)
    const all = [session.getAccessToken(), session.refresh(), session.refresh(), session.getAccessToken()]
    expect(new Set(await Promise.all(all))).toEqual(new Set(['access-2']))
    expect(renew).toHaveBeenCalledTimes(1)
  })

  test('is shown in the state while it runs', async () => {
    const session = open()
    await session.setTokens(user)
    const seen: (boolean | string)[] = []
    session.subscribe((state) => seen.push(state.status === 'signed-in' ? state.refreshing : state.status))
    await session.refresh()
    expect(seen).toEqual([false, true, false])
  })

  test('rejects with SESSION_EXPIRED when nobody is signed in', async () => {
    const session = open()
    await expect(session.refresh()).rejects.toMatchObject({ code: 'SESSION_EXPIRED', retryable: false })
  })

  test('that takes too long rejects with REFRESH_TIMEOUT, and the session is kept', async () => {
    renew.mockReturnValue(new Promise(() => {}))
    const session = open({ refreshTimeoutMs: 5000 })
    await session.setTokens(user)
    const refresh = session.refresh()
    const failure = expect(refresh).rejects.toMatchObject({ code: 'REFRESH_TIMEOUT', retryable: true })
    await vi.advanceTimersByTimeAsync(5000)
    await failure
    expect(session.state).toMatchObject({ status: 'signed-in' })
    await vi.advanceTimersByTimeAsync(5000)
  })
})

describe('signOut', () => {
  test('takes effect at once and clears the store', async () => {
    const store = memoryStore()
    const session = open({ store })
    await session.setTokens(user)
    const out = session.signOut()
    expect(session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
    await out
    expect(store.read()).toBeNull()
    expect(await session.getAccessToken()).toBeNull()
  })

  test('works without a network', async () => {
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
    const session = open()
    await session.setTokens(user)
    await session.signOut()
    expect(session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
    vi.restoreAllMocks()
  })

  test('while the store is still being read means signed out, whatever the store says then', async () => {
    const reading = deferred<StoredTokens>()
    const session = open({ store: { ...memoryStore(), read: () => reading.promise } })
    const out = session.signOut()
    expect(session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
    reading.resolve(storedRecord())
    await out
    await session.ready
    expect(await session.getAccessToken()).toBeNull()
  })

  test('is followed by another user without a trace of the first', async () => {
    const store = memoryStore()
    const session = open({ store })
    await session.setTokens({ ...user, accessToken: unsignedJwt({ sub: 'u1' }) })
    await session.signOut()
    await session.setTokens({ accessToken: unsignedJwt({ sub: 'u2' }) })
    expect(session.state).toMatchObject({ claims: { sub: 'u2' } })
    expect(JSON.stringify(store.read())).not.toContain('refresh-1')
  })
})

describe('the end of a session', () => {
  test('is emitted once, however many waited', async () => {
    renew.mockRejectedValue(new AuthError('SESSION_EXPIRED', 'no more'))
    const session = open()
    const events: SessionEvent[] = []
    session.on((event) => events.push(event))
    await session.setTokens(user)
    const all = await Promise.allSettled([session.refresh(), session.refresh(), session.refresh()])
    expect(all.map((one) => (one as PromiseRejectedResult).reason.code)).toEqual(
      Array(3).fill('SESSION_EXPIRED'),
    )
    expect(session.state).toEqual({ status: 'signed-out', reason: 'expired' })
    expect(events.map(({ type }) => type)).toEqual([
      'signed-in',
      'refresh-started',
      'refresh-failed',
      'expired',
    ])
  })
})

describe('the state', () => {
  test('is the same object until it changes', async () => {
    const session = open()
    await session.ready
    const signedOut = session.state
    await session.getAccessToken()
    expect(session.state).toBe(signedOut)
    await session.setTokens(user)
    const signedIn = session.state
    expect(signedIn).not.toBe(signedOut)
    await session.getAccessToken()
    expect(session.state).toBe(signedIn)
    await session.refresh()
    expect(session.state).not.toBe(signedIn)
  })

  test('cannot be changed from outside', async () => {
    const session = open()
    await session.setTokens({ accessToken: unsignedJwt({ sub: 'u1' }) })
    const { state } = session
    expect(() => Object.assign(state, { status: 'loading' })).toThrow(TypeError)
    expect(session.state).toMatchObject({ status: 'signed-in', claims: { sub: 'u1' } })
  })

  test('has the claims of a JWT, null for an opaque token', async () => {
    const session = open()
    await session.setTokens({ accessToken: unsignedJwt({ sub: 'u1', role: 'admin' }) })
    expect(session.state).toMatchObject({ claims: { sub: 'u1', role: 'admin' } })
    await session.setTokens({ accessToken: 'opaque' })
    expect(session.state).toEqual({ status: 'signed-in', claims: null, expiresAt: null, refreshing: false })
  })

  test('holds no token', async () => {
    const session = open()
    await session.setTokens(user)
    expect(JSON.stringify(session.state)).not.toMatch(/access-1|refresh-1/)
  })
})

describe('subscribe', () => {
  test('calls back at once, then on each change, until it is removed', async () => {
    const session = open()
    const seen: SessionState[] = []
    const stop = session.subscribe((state) => seen.push(state))
    expect(seen).toEqual([{ status: 'loading' }])
    await session.ready
    await session.setTokens(user)
    expect(seen.map(({ status }) => status)).toEqual(['loading', 'signed-out', 'signed-in'])
    expect(seen.at(-1)).toBe(session.state)
    stop()
    await session.signOut()
    expect(seen).toHaveLength(3)
  })

  test('a listener sees the state that it is given on the session, too', async () => {
    const session = open()
    const agree: boolean[] = []
    session.subscribe((state) => agree.push(state === session.state))
    await session.setTokens(user)
    await session.refresh()
    await session.signOut()
    expect(agree.length).toBeGreaterThanOrEqual(5)
    expect(agree.every(Boolean)).toBe(true)
  })
})

describe('on', () => {
  test('tells what happened, with the instant, in order', async () => {
    const session = open()
    const events: SessionEvent[] = []
    const stop = session.on((event) => events.push(event))
    await session.setTokens(user)
    await session.refresh()
    await session.signOut()
    const at = Date.now()
    expect(events).toEqual([
      { at, type: 'signed-in' },
      { at, type: 'refresh-started' },
      { at, type: 'refresh-succeeded' },
      { at, type: 'signed-out' },
    ])
    stop()
    await session.setTokens(user)
    expect(events).toHaveLength(4)
  })

  test('a failed refresh is emitted with its code, and whether a later one may succeed', async () => {
    renew.mockRejectedValue({ response: { status: 404, data: {} } })
    const session = open()
    const events: SessionEvent[] = []
    session.on((event) => events.push(event))
    await session.setTokens(user)
    await session.refresh().catch(() => {})
    expect(events.at(-1)).toEqual({
      at: Date.now(),
      type: 'refresh-failed',
      code: 'REFRESH_REFUSED',
      retryable: false,
      status: 404,
    })
  })
})

describe('no token is told', () => {
  const secrets = { accessToken: 'SECRET-access', refreshToken: 'SECRET-refresh', expiresIn: 900 }

  /** All that can be seen of a value: hidden properties, causes and stacks as well. */
  function everythingOf(value: unknown, seen = new Set<unknown>()): string {
    if (typeof value !== 'object' || value === null || seen.has(value)) return String(value)
    seen.add(value)
    const parts = Reflect.ownKeys(value).map(
      (key) => `${String(key)}: ${everythingOf(Reflect.get(value, key), seen)}`,
    )
    return parts.join('\n')
  }

  test.each([
    ['rejects with what holds them', () => Promise.reject({ message: 'SECRET-access', config: secrets })],
    ['rejects with an error that quotes them', () => Promise.reject(new Error('bad token SECRET-refresh'))],
    [
      'throws what it was given',
      ({ tokens }: { tokens: unknown }) => {
        throw tokens
      },
    ],
    ['resolves with a broken token', async () => ({ accessToken: 'SECRET access' })],
    ['resolves with a page of HTML that quotes them', async () => '<p>SECRET-refresh</p>' as never],
    [
      'rejects with a reply that quotes them',
      () =>
        Promise.reject({
          response: { status: 400, data: { error: 'bad', message: 'SECRET-refresh', 'SECRET-access': 1 } },
        }),
    ],
  ])('in an error, an event or a debug line, when the refresh function %s', async (_, refresh) => {
    const told: unknown[] = []
    const session = open({ refresh: refresh as never, debug: (line) => told.push(line) })
    session.on((event) => told.push(event))
    await session.setTokens(secrets)
    const failing = session.refresh().catch((error: unknown) => told.push(error))
    await vi.advanceTimersByTimeAsync(60_000)
    await failing
    await session.signOut()
    expect(told.length).toBeGreaterThan(4)
    expect(told.map((one) => everythingOf(one)).join('\n')).not.toContain('SECRET')
  })

  test('in a debug line of an ordinary day', async () => {
    const debug = vi.spyOn(console, 'debug').mockImplementation(() => {})
    const session = open({ debug: true, name: 'shop' })
    await session.setTokens(secrets)
    await session.refresh()
    await session.signOut()
    const lines = debug.mock.calls.map(([line]) => String(line))
    debug.mockRestore()
    expect(lines).toHaveLength(4)
    expect(lines[0]).toBe('2030-01-01T00:00:00.000Z latchkey[shop] signed-in {}')
    expect(lines.join('\n')).not.toMatch(/SECRET|access-2|refresh-2/)
  })

  test('and nothing is printed without `debug`', async () => {
    const spies = (['debug', 'log', 'info', 'warn', 'error'] as const).map((method) =>
      vi.spyOn(console, method),
    )
    const session = open()
    await session.setTokens(secrets)
    await session.refresh()
    await session.signOut()
    for (const spy of spies) expect(spy).not.toHaveBeenCalled()
    vi.restoreAllMocks()
  })
})

describe('dispose', () => {
  test('leaves no timer, no listener on the page and no channel', async () => {
    const channels = { open: 0 }
    vi.stubGlobal(
      'BroadcastChannel',
      class {
        constructor() {
          channels.open++
        }
        postMessage() {}
        close() {
          channels.open--
        }
      },
    )
    const read = vi.fn(() => storedRecord({ expiresAt: Date.now() + 900_000 }) as StoredTokens)
    const close = vi.fn()
    const unsubscribe = vi.fn()
    const store: TokenStore = { read, write() {}, subscribe: () => unsubscribe, close }
    const session = open({ store })
    keepFresh(session)
    await session.ready
    expect(channels.open).toBe(1)
    expect(vi.getTimerCount()).toBe(1)
    session.dispose()
    session.dispose()
    read.mockClear()
    dispatchEvent(new Event('online'))
    dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
    document.dispatchEvent(new Event('visibilitychange'))
    document.dispatchEvent(new Event('resume'))
    await vi.advanceTimersByTimeAsync(86_400_000)
    expect(read).not.toHaveBeenCalled()
    expect(renew).not.toHaveBeenCalled()
    expect(channels.open).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
    expect(close).toHaveBeenCalledTimes(1)
    expect(unsubscribe).toHaveBeenCalledTimes(1)
    vi.unstubAllGlobals()
  })

  test('rejects what was waiting with DISPOSED', async () => {
    renew.mockReturnValue(new Promise(() => {}))
    const session = open()
    await session.setTokens(user)
    const refresh = session.refresh()
    await vi.advanceTimersByTimeAsync(0)
    const failure = expect(refresh).rejects.toMatchObject({ code: 'DISPOSED' })
    session.dispose()
    await failure
    // The call has been sent, and its reply is worth storing until its time is up.
    await vi.advanceTimersByTimeAsync(20_000)
    expect(vi.getTimerCount()).toBe(0)
  })
})

test('a page that comes to life again looks at its store', async () => {
  const read = vi.fn(() => null)
  const session = open({ store: { read, write() {} } })
  await session.ready
  read.mockClear()
  document.dispatchEvent(new Event('visibilitychange'))
  await vi.advanceTimersByTimeAsync(0)
  expect(read).toHaveBeenCalledTimes(1)
})

test('on a server two sessions of one name share nothing, and nothing is opened', async () => {
  vi.stubGlobal('document', undefined)
  Reflect.deleteProperty(globalThis, 'document')
  const channel = vi.fn()
  vi.stubGlobal('BroadcastChannel', channel)
  try {
    const one = createSession({ refresh: renew })
    const other = createSession({ refresh: renew })
    await one.setTokens(user)
    await other.ready
    expect(await other.getAccessToken()).toBeNull()
    expect(channel).not.toHaveBeenCalled()
    one.dispose()
    other.dispose()
  } finally {
    vi.unstubAllGlobals()
  }
})
