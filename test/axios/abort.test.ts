import axios, { type AxiosAdapter, type AxiosRequestConfig } from 'axios'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Session } from '../../src/index.js'
import { useBackend } from '../support/backend.js'
import { guard, openSession, signIn } from '../support/guarded-api.js'
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

const reasonOf = (call: Promise<unknown>): Promise<unknown> => call.catch((error) => error)

/** The ways of axios to give up a request. */
const ways: [name: string, start: () => { config: AxiosRequestConfig; abort(): void }][] = [
  [
    'a signal',
    () => {
      const controller = new AbortController()
      return { config: { signal: controller.signal }, abort: () => controller.abort() }
    },
  ],
  [
    'a signal with a reason of its own',
    () => {
      const controller = new AbortController()
      return { config: { signal: controller.signal }, abort: () => controller.abort(new Error('gone')) }
    },
  ],
  [
    'a cancelToken',
    () => {
      const { token, cancel } = axios.CancelToken.source()
      return { config: { cancelToken: token }, abort: () => cancel('gone') }
    },
  ],
  [
    'a signal beside a cancelToken',
    () => {
      const controller = new AbortController()
      const { token } = axios.CancelToken.source()
      return {
        config: { signal: controller.signal, cancelToken: token },
        abort: () => controller.abort(),
      }
    },
  ],
  [
    'a cancelToken beside a signal',
    () => {
      const { token, cancel } = axios.CancelToken.source()
      return { config: { signal: new AbortController().signal, cancelToken: token }, abort: () => cancel() }
    },
  ],
]

describe.each(ways)('an abort by %s', (_, start) => {
  test('while the call is held is a CanceledError at once, and the shared refresh goes on', async () => {
    const { session, api } = await signIn({}, { expiresIn: 15 })
    vi.setSystemTime(Date.now() + 15_000)
    const refresh = holdRefresh()
    const { config, abort } = start()
    const call = reasonOf(api.get('/mine', config))
    const other = api.get('/other')
    await refresh.arrived
    const released = nextEvent(session, 'request-released')
    abort()
    expect(axios.isCancel(await call)).toBe(true)
    expect(await released).toMatchObject({ url: 'http://app.test/api/mine', code: 'ABORTED' })
    refresh.release()
    expect((await other).status).toBe(200)
    expect(backend.calls.map(({ url }) => url.pathname)).toEqual(['/api/other'])
    expect(backend.refreshes).toHaveLength(1)
  })

  test('while a refused call waits for its replay is a CanceledError at once', async () => {
    const { api } = await signIn()
    backend.accepted.clear()
    const refresh = holdRefresh()
    const { config, abort } = start()
    const call = reasonOf(api.get('/mine', config))
    await refresh.arrived
    abort()
    expect(axios.isCancel(await call)).toBe(true)
    refresh.release()
    await api.get('/other')
    expect(backend.calls.filter(({ url }) => url.pathname === '/api/mine')).toHaveLength(1)
    expect(backend.refreshes).toHaveLength(1)
  })

  test('while the store is being read is a CanceledError at once', async () => {
    vi.useFakeTimers()
    const session = openSession({ store: { read: () => new Promise(() => {}), write: () => {} } })
    const held = nextEvent(session, 'request-held')
    const { config, abort } = start()
    const call = reasonOf(guard(session).get('/mine', config))
    await held
    abort()
    expect(axios.isCancel(await call)).toBe(true)
    expect(backend.calls).toHaveLength(0)
  })

  test('while the call is on the wire is a CanceledError', async () => {
    const { api } = await signIn()
    const answer = holding(backend.answer)
    backend.answer = answer.respond
    const { config, abort } = start()
    const call = reasonOf(api.get('/mine', config))
    await answer.arrived
    abort()
    expect(axios.isCancel(await call)).toBe(true)
    answer.release()
  })

  test('that the adapter does not heed keeps a refused call from being sent again', async () => {
    const { api } = await signIn()
    const { config, abort } = start()
    const deaf = vi.fn<AxiosAdapter>((config) => {
      abort()
      return Promise.resolve({ status: 401, statusText: '', data: '', headers: {}, config })
    })
    expect(axios.isCancel(await reasonOf(api.get('/mine', { ...config, adapter: deaf })))).toBe(true)
    expect(deaf).toHaveBeenCalledTimes(1)
  })

  test('before the call keeps it from the wire', async () => {
    const { api } = await signIn()
    const { config, abort } = start()
    abort()
    expect(axios.isCancel(await reasonOf(api.get('/mine', config)))).toBe(true)
    expect(backend.calls).toHaveLength(0)
  })

  test('after the reply changes nothing', async () => {
    const { api } = await signIn()
    backend.accepted.clear()
    const { config, abort } = start()
    const { data } = await api.get('/mine', config)
    abort()
    expect(data.path).toBe('/api/mine')
  })
})

test('the CanceledError of a held call carries the config of the caller, without a token', async () => {
  const { api } = await signIn({}, { expiresIn: 15 })
  vi.setSystemTime(Date.now() + 15_000)
  const refresh = holdRefresh()
  const controller = new AbortController()
  const call = reasonOf(api.get('/mine', { signal: controller.signal }))
  await refresh.arrived
  controller.abort()
  const error = (await call) as {
    code: string
    config: { url: string; headers: { has(name: string): boolean } }
  }
  expect(error).toBeInstanceOf(axios.CanceledError)
  expect(error.code).toBe('ERR_CANCELED')
  expect(error.config.url).toBe('/mine')
  expect(error.config.headers.has('Authorization')).toBe(false)
  refresh.release()
})

test('the last of those who wait may give up: the refresh goes on, and serves the next call', async () => {
  const { api } = await signIn()
  backend.accepted.clear()
  const refresh = holdRefresh()
  const controller = new AbortController()
  const call = reasonOf(api.get('/mine', { signal: controller.signal }))
  await refresh.arrived
  controller.abort()
  await call
  refresh.release()
  expect((await api.get('/next')).status).toBe(200)
  expect(backend.refreshes).toHaveLength(1)
})

/** An adapter that has no interest in signals, so that every listener that is left is ours. */
const reply: AxiosAdapter = (config) => {
  const status = backend.accepted.has(String(config.headers.get('Authorization')).slice(7)) ? 200 : 401
  return Promise.resolve({ status, statusText: '', data: '', headers: {}, config })
}

async function callsOfAllKinds(session: Session, config: AxiosRequestConfig): Promise<void> {
  const api = guard(session, { adapter: reply, ...config })
  await api.get('/good')
  backend.accepted.clear()
  await api.get('/refused')
  vi.setSystemTime(Date.now() + 15_000)
  await session.setTokens({ accessToken: 'access-2', refreshToken: 'refresh-2', expiresIn: 15 })
  vi.setSystemTime(Date.now() + 15_000)
  await api.get('/held')
  const broken: AxiosAdapter = () => Promise.reject(new Error('broken'))
  await reasonOf(api.get('/broken', { adapter: broken }))
  await reasonOf(api.get('/broken', { adapter: broken, latchkey: { refresh: false } }))
}

test('a signal that outlives its requests keeps no listener of theirs', async () => {
  const { session } = await signIn()
  const { signal } = new AbortController()
  const add = vi.spyOn(signal, 'addEventListener')
  const remove = vi.spyOn(signal, 'removeEventListener')
  await callsOfAllKinds(session, { signal })
  expect(add).toHaveBeenCalled()
  expect(remove).toHaveBeenCalledTimes(add.mock.calls.length)
})

test('a signal beside a cancelToken keeps no listener either', async () => {
  const { session } = await signIn()
  const { signal } = new AbortController()
  const add = vi.spyOn(signal, 'addEventListener')
  const remove = vi.spyOn(signal, 'removeEventListener')
  await callsOfAllKinds(session, { signal, cancelToken: axios.CancelToken.source().token })
  expect(add).toHaveBeenCalled()
  expect(remove).toHaveBeenCalledTimes(add.mock.calls.length)
})

test('a cancelToken that outlives its requests keeps no listener of theirs', async () => {
  const { session } = await signIn()
  const { token } = axios.CancelToken.source()
  const { subscribe, unsubscribe } = token as unknown as Record<'subscribe' | 'unsubscribe', () => void>
  const add = vi.fn(subscribe)
  const remove = vi.fn(unsubscribe)
  await callsOfAllKinds(session, {
    cancelToken: Object.assign(token, { subscribe: add, unsubscribe: remove }),
  })
  expect(remove.mock.calls.length).toBe(add.mock.calls.length)
})
