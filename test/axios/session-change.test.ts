import { type AxiosError, isCancel } from 'axios'
import { HttpResponse } from 'msw'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { authErrorOf } from '../../src/axios.js'
import { memoryStore, type StoredTokens, type TokenStore } from '../../src/index.js'
import { authorizationOf, useBackend } from '../support/backend.js'
import { deferred } from '../support/deferred.js'
import { elapse } from '../support/elapse.js'
import { guard, openSession, signIn } from '../support/guarded-api.js'
import { holding } from '../support/holding.js'
import { nextEvent } from '../support/next-event.js'

const backend = useBackend()
afterEach(() => vi.useRealTimers())

const failureOf = (call: Promise<unknown>): Promise<AxiosError> =>
  call.then(
    () => Promise.reject(new Error('the call succeeded')),
    (error) => error,
  )

/** The code of a call whose user is gone: axios' own cancellation, which no plugin tries again. */
const goneCodeOf = (error: AxiosError): string | undefined =>
  isCancel(error) && error.code === 'ERR_CANCELED' ? authErrorOf(error)?.code : undefined

/** Lets everything happen that is on its way already. */
const quiet = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

describe('a sign-out during a refresh', () => {
  test('lets the refused call go with its own 401 at once, and no later reply brings the session back', async () => {
    const store = memoryStore()
    const { session, api } = await signIn({ store })
    backend.accepted.clear()
    const refresh = holding(backend.renew)
    backend.renew = refresh.respond
    const call = failureOf(api.get('/me'))
    await refresh.arrived
    await session.signOut()
    const error = await call
    expect(error.response?.status).toBe(401)
    expect(error.cause).toMatchObject({ code: 'SESSION_CHANGED' })
    refresh.release()
    await quiet()
    expect(session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
    expect(await store.read()).toBeNull()
    expect(await session.getAccessToken()).toBeNull()
    expect(backend.calls).toHaveLength(1)
  })

  test('fails a held call with the code SESSION_CHANGED, and never sends it', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { session, api } = await signIn({}, { expiresIn: 15 })
    vi.setSystemTime(Date.now() + 15_000)
    const refresh = holding(backend.renew)
    backend.renew = refresh.respond
    const call = failureOf(api.get('/me'))
    await refresh.arrived
    await session.signOut()
    expect(goneCodeOf(await call)).toBe('SESSION_CHANGED')
    refresh.release()
    await quiet()
    expect(backend.calls).toHaveLength(0)
  })
})

describe('a sign-in as another user during a refresh', () => {
  const other = { accessToken: 'other-access', refreshToken: 'other-refresh' }

  test('leaves neither the token nor the request of the first', async () => {
    const store = memoryStore()
    const { session, api } = await signIn({ store })
    backend.accepted.clear()
    const refresh = holding(backend.renew)
    backend.renew = refresh.respond
    const call = failureOf(api.post('/transfer', { from: 'the first user' }))
    await refresh.arrived
    await session.setTokens(other)
    const error = await call
    expect(error.response?.status).toBe(401)
    expect(error.cause).toMatchObject({ code: 'SESSION_CHANGED' })
    refresh.release()
    await quiet()
    expect(await session.getAccessToken()).toBe('other-access')
    expect(await store.read()).toMatchObject(other)
    backend.accepted.add('other-access')
    await api.get('/me')
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1', 'Bearer other-access'])
  })

  test('fails what the first user had waiting with SESSION_CHANGED, and never sends it', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { session, api } = await signIn({}, { expiresIn: 15 })
    vi.setSystemTime(Date.now() + 15_000)
    const refresh = holding(backend.renew)
    backend.renew = refresh.respond
    const call = failureOf(api.get('/me'))
    await refresh.arrived
    await session.setTokens(other)
    expect(goneCodeOf(await call)).toBe('SESSION_CHANGED')
    refresh.release()
    await quiet()
    expect(backend.calls).toHaveLength(0)
  })

  test('does not keep the second user from a refresh of their own', async () => {
    const { session, api } = await signIn()
    backend.accepted.clear()
    const first = holding(backend.renew)
    backend.renew = first.respond
    const call = failureOf(api.get('/me'))
    await first.arrived
    await session.setTokens(other)
    backend.renew = () => {
      backend.accepted.add('other-access-2')
      return HttpResponse.json({ accessToken: 'other-access-2' })
    }
    expect((await api.get('/me')).status).toBe(200)
    expect(backend.refreshes.map(({ headers }) => headers.get('refresh'))).toEqual([
      'refresh-1',
      'other-refresh',
    ])
    first.release()
    await call
    await quiet()
    expect(await session.getAccessToken()).toBe('other-access-2')
  })
})

test('a 401 that comes when another user has signed in is not replayed with the token of that user', async () => {
  const { session, api } = await signIn()
  const slow = holding(() => new Response(null, { status: 401 }))
  backend.answer = slow.respond
  const call = failureOf(api.post('/transfer', { from: 'the first user' }))
  await slow.arrived
  await session.setTokens({ accessToken: 'other-access', refreshToken: 'other-refresh' })
  slow.release()
  const error = await call
  expect(error.response?.status).toBe(401)
  expect(error.cause).toMatchObject({ code: 'SESSION_CHANGED' })
  expect(backend.calls).toHaveLength(1)
  expect(backend.refreshes).toHaveLength(0)
})

test('a 401 that comes after the sign-out starts no refresh', async () => {
  const { session, api } = await signIn()
  const slow = holding(() => new Response(null, { status: 401 }))
  backend.answer = slow.respond
  const call = failureOf(api.get('/me'))
  await slow.arrived
  await session.signOut()
  slow.release()
  const error = await call
  expect(error.response?.status).toBe(401)
  expect(error.cause).toMatchObject({ code: 'SESSION_CHANGED' })
  expect(backend.refreshes).toHaveLength(0)
})

describe('with nobody signed in', () => {
  test('a request goes out without a token, and its 401 is its own', async () => {
    const api = guard(openSession())
    const error = await failureOf(api.get('/me'))
    expect(error.response?.status).toBe(401)
    expect(error.cause).toBeUndefined()
    expect(backend.calls.map(authorizationOf)).toEqual([null])
    expect(backend.refreshes).toHaveLength(0)
  })

  test('a wrong password at the sign-in call is a 401 like any other', async () => {
    const session = openSession()
    const api = guard(session)
    backend.answer = () => HttpResponse.json({ message: 'wrong password' }, { status: 401 })
    const error = await failureOf(api.post('/login', { user: 'a', password: 'b' }))
    expect(error.response?.data).toEqual({ message: 'wrong password' })
    expect(backend.calls).toHaveLength(1)
    expect(backend.refreshes).toHaveLength(0)
    expect(session.state).toEqual({ status: 'signed-out', reason: 'none' })
  })

  test('the sign-in call itself works through the guarded instance', async () => {
    const session = openSession()
    const api = guard(session)
    const { answer } = backend
    backend.answer = () => HttpResponse.json({ accessToken: 'access-1', refreshToken: 'refresh-1' })
    const { data } = await api.post('/login', {})
    backend.answer = answer
    await session.setTokens(data)
    expect((await api.get('/me')).status).toBe(200)
  })
})

describe('while the store is being read', () => {
  const stored: StoredTokens = {
    version: 1,
    session: 'kept',
    generation: 1,
    accessToken: 'access-1',
    refreshToken: 'refresh-1',
    receivedAt: 1,
    expiresAt: null,
  }

  function slowStore(): { store: TokenStore; answer(tokens: StoredTokens | null): void } {
    const reading = deferred<StoredTokens | null>()
    return { store: { read: () => reading.promise, write: () => {} }, answer: reading.resolve }
  }

  test('the first request after a reload waits for its token, and is not refused', async () => {
    const { store, answer } = slowStore()
    const session = openSession({ store })
    const held = nextEvent(session, 'request-held')
    const call = guard(session).get('/me')
    expect(await held).toMatchObject({ reason: 'loading' })
    answer(stored)
    expect((await call).status).toBe(200)
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1'])
  })

  test('a request waits, and goes out without a token when the store turns out to be empty', async () => {
    const { store, answer } = slowStore()
    const call = failureOf(guard(openSession({ store })).get('/me'))
    answer(null)
    expect((await call).response?.status).toBe(401)
    expect(backend.calls.map(authorizationOf)).toEqual([null])
  })

  test('a stored token that has expired is refreshed before the first request goes out', async () => {
    const { store, answer } = slowStore()
    const call = guard(openSession({ store })).get('/me')
    answer({ ...stored, expiresAt: 2 })
    expect((await call).status).toBe(200)
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-2'])
    expect(backend.refreshes).toHaveLength(1)
  })
})

describe('dispose', () => {
  test('takes the interceptor away: later requests are bare', async () => {
    const { session, api } = await signIn()
    session.dispose()
    const error = await failureOf(api.get('/me'))
    expect(error.response?.status).toBe(401)
    expect(error.cause).toBeUndefined()
    expect(backend.calls.map(authorizationOf)).toEqual([null])
    expect(backend.refreshes).toHaveLength(0)
  })

  test('fails a held call with the code DISPOSED', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { session, api } = await signIn({}, { expiresIn: 15 })
    vi.setSystemTime(Date.now() + 15_000)
    const refresh = holding(backend.renew)
    backend.renew = refresh.respond
    const call = failureOf(api.get('/me'))
    await refresh.arrived
    session.dispose()
    const error = await call
    expect(goneCodeOf(error)).toBe('DISPOSED')
    expect(error.cause).toMatchObject({ name: 'AuthError', code: 'DISPOSED' })
    refresh.release()
    await quiet()
    expect(backend.calls).toHaveLength(0)
  })

  test('lets a refused call that waits go with its own 401', async () => {
    const { session, api } = await signIn()
    backend.accepted.clear()
    const refresh = holding(backend.renew)
    backend.renew = refresh.respond
    const call = failureOf(api.get('/me'))
    await refresh.arrived
    session.dispose()
    const error = await call
    expect(error.response?.status).toBe(401)
    expect(error.cause).toMatchObject({ code: 'DISPOSED' })
    refresh.release()
  })

  test('lets a 401 that comes afterwards start no refresh', async () => {
    const { session, api } = await signIn()
    const slow = holding(() => new Response(null, { status: 401 }))
    backend.answer = slow.respond
    const call = failureOf(api.get('/me'))
    await slow.arrived
    session.dispose()
    slow.release()
    const error = await call
    expect(error.response?.status).toBe(401)
    expect(error.cause).toMatchObject({ code: 'DISPOSED' })
    expect(backend.refreshes).toHaveLength(0)
    expect(backend.calls).toHaveLength(1)
  })

  test('fails a call that comes to the adapter afterwards with the code DISPOSED, and sends nothing', async () => {
    const { session, api } = await signIn()
    api.interceptors.request.use(async (config) => {
      session.dispose()
      return config
    })
    expect(goneCodeOf(await failureOf(api.get('/me')))).toBe('DISPOSED')
    expect(backend.calls).toHaveLength(0)
  })

  test('fails a call that waits for a store that hangs with the code DISPOSED', async () => {
    vi.useFakeTimers()
    const session = openSession({ store: { read: () => new Promise(() => {}), write: () => {} } })
    const held = nextEvent(session, 'request-held')
    const call = failureOf(guard(session).get('/me'))
    await held
    session.dispose()
    expect(goneCodeOf(await elapse(call))).toBe('DISPOSED')
    expect(backend.calls).toHaveLength(0)
  })
})
