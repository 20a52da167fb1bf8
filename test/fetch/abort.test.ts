import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { withSession } from '../../src/fetch.js'
import { useBackend } from '../support/backend.js'
import { openSession } from '../support/guarded-api.js'
import { apiUrl, guardFetch, signIn } from '../support/guarded-fetch.js'
import { type Holding, holding } from '../support/holding.js'
import { nextEvent } from '../support/next-event.js'

const backend = useBackend()
beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => vi.useRealTimers())

function holdRefresh(): Holding {
  const refresh = holding(backend.renew)
  backend.renew = refresh.respond
  return refresh
}

async function signInAndExpire() {
  const signedIn = await signIn({}, { expiresIn: 15 })
  vi.setSystemTime(Date.now() + 15_000)
  return signedIn
}

const reasonOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => Promise.reject(new Error('the call succeeded')),
    (error) => error,
  )

/** Where a call of fetch takes its signal from. */
const ways: [name: string, call: (signal: AbortSignal) => [RequestInfo, RequestInit?]][] = [
  ['its init', (signal) => [`${apiUrl}/me`, { signal }]],
  ['its Request', (signal) => [new Request(`${apiUrl}/me`, { signal })]],
  ['an init beside a Request', (signal) => [new Request(`${apiUrl}/me`), { signal }]],
]

describe.each(ways)('a signal of %s', (_, call) => {
  test('lets a held call go at once with an AbortError, and the refresh goes on', async () => {
    const { session, api } = await signInAndExpire()
    const refresh = holdRefresh()
    const controller = new AbortController()
    const failure = reasonOf(api(...call(controller.signal)))
    await refresh.arrived
    controller.abort()
    expect(await failure).toMatchObject({ name: 'AbortError' })
    refresh.release()
    expect(await session.getAccessToken()).toBe('access-2')
    expect(backend.calls).toHaveLength(0)
  })

  test('gives its own reason', async () => {
    const { api } = await signInAndExpire()
    const refresh = holdRefresh()
    const controller = new AbortController()
    const reason = new Error('gone')
    const failure = reasonOf(api(...call(controller.signal)))
    await refresh.arrived
    controller.abort(reason)
    expect(await failure).toBe(reason)
    refresh.release()
  })

  test('lets a refused call that waits go at once, and it is not sent again', async () => {
    const { session, api } = await signIn()
    backend.accepted.clear()
    const refresh = holdRefresh()
    const controller = new AbortController()
    const failure = reasonOf(api(...call(controller.signal)))
    await refresh.arrived
    controller.abort()
    expect(await failure).toMatchObject({ name: 'AbortError' })
    refresh.release()
    await session.getAccessToken()
    expect(backend.calls).toHaveLength(1)
  })

  test('that was aborted before sends nothing and starts no refresh', async () => {
    const { api } = await signInAndExpire()
    const signal = AbortSignal.abort()
    expect(await reasonOf(api(...call(signal)))).toMatchObject({ name: 'AbortError' })
    expect(backend.calls).toHaveLength(0)
    expect(backend.refreshes).toHaveLength(0)
  })

  test('lets a call go that waits for the store', async () => {
    const session = openSession({ store: { read: () => new Promise(() => {}), write: () => {} } })
    const held = nextEvent(session, 'request-held')
    const controller = new AbortController()
    const failure = reasonOf(guardFetch(session)(...call(controller.signal)))
    await held
    controller.abort()
    expect(await failure).toMatchObject({ name: 'AbortError' })
  })
})

test('signal: null frees a call from the signal of its Request', async () => {
  const { api } = await signInAndExpire()
  const refresh = holdRefresh()
  const controller = new AbortController()
  const call = api(new Request(`${apiUrl}/me`, { signal: controller.signal }), { signal: null })
  await refresh.arrived
  controller.abort()
  refresh.release()
  expect((await call).status).toBe(200)
})

test('the signal reaches both sendings', async () => {
  const session = openSession()
  await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1' })
  const signals: unknown[] = []
  const api = withSession(async (_, init) => {
    signals.push(init?.signal)
    return new Response(null, { status: signals.length === 1 ? 401 : 200 })
  }, session)
  const { signal } = new AbortController()
  await api(apiUrl, { signal })
  expect(signals).toEqual([signal, signal])
})

test('a time limit counts the wait for the refresh as well', async () => {
  const { api } = await signInAndExpire()
  const refresh = holdRefresh()
  expect(await reasonOf(api(`${apiUrl}/me`, { signal: AbortSignal.timeout(20) }))).toMatchObject({
    name: 'TimeoutError',
  })
  refresh.release()
})

test('a call that comes to an end leaves no listener on its signal', async () => {
  const { signal } = new AbortController()
  const add = vi.spyOn(signal, 'addEventListener')
  const remove = vi.spyOn(signal, 'removeEventListener')
  const session = openSession({ store: { read: async () => null, write: () => {} } })
  await withSession(async () => new Response(), session)(apiUrl, { signal })
  expect(add.mock.calls.length).toBeGreaterThan(0)
  expect(remove.mock.calls.length).toBe(add.mock.calls.length)
})
