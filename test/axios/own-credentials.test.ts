import axios, { type AxiosAdapter, type AxiosError, type AxiosRequestConfig } from 'axios'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { authorizationOf, useBackend } from '../support/backend.js'
import { guard, openSession, signIn } from '../support/guarded-api.js'
import { holding } from '../support/holding.js'

const backend = useBackend()
beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => vi.useRealTimers())

const failureOf = (call: Promise<unknown>): Promise<AxiosError> =>
  call.then(
    () => Promise.reject(new Error('the call succeeded')),
    (error) => error,
  )

const own: [name: string, config: AxiosRequestConfig, sent: string | null][] = [
  ['an Authorization of its own', { headers: { Authorization: 'Bearer of-its-own' } }, 'Bearer of-its-own'],
  ['an authorization in lower case', { headers: { authorization: 'Digest x' } }, 'Digest x'],
  ['Authorization: false', { headers: { Authorization: false } as never }, null],
  ['Authorization: null', { headers: { Authorization: null } as never }, null],
  ['auth', { auth: { username: 'user', password: 'pw' } }, 'Basic dXNlcjpwdw=='],
  ['a token among its parameters', { params: { access_token: 'of-its-own' } }, null],
  ['a token in URLSearchParams', { params: new URLSearchParams({ access_token: 'of-its-own' }) }, null],
  ['latchkey: false', { latchkey: false }, null],
  ['latchkey: { attach: false }', { latchkey: { attach: false } }, null],
]

describe.each(own)('a request with %s', (_, config, sent) => {
  test('is sent as it is, and its 401 is its own', async () => {
    const { session, api } = await signIn()
    backend.accepted.clear()
    const error = await failureOf(api.get('/me', config))
    expect(error.response?.status).toBe(401)
    expect(error.cause).toBeUndefined()
    expect(backend.calls.map(authorizationOf)).toEqual([sent])
    expect(backend.refreshes).toHaveLength(0)
    expect(session.state.status).toBe('signed-in')
  })

  test('waits neither for the store nor for a refresh', async () => {
    backend.answer = () => new Response(null, { status: 204 })
    const loading = guard(openSession({ store: { read: () => new Promise(() => {}), write: () => {} } }))
    expect((await loading.get('/me', config)).status).toBe(204)

    const { api } = await signIn({}, { expiresIn: 15 })
    vi.setSystemTime(Date.now() + 15_000)
    const refresh = holding(backend.renew)
    backend.renew = refresh.respond
    const held = api.get('/held')
    await refresh.arrived
    expect((await api.get('/me', config)).status).toBe(204)
    refresh.release()
    await held
  })
})

test('Authorization: undefined is no header of its own', async () => {
  const { api } = await signIn()
  await api.get('/me', { headers: { Authorization: undefined } as never })
  expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1'])
})

test.each(['/me?access_token=of-its-own', '/me?page=1&access_token=of-its-own'])(
  'a token in the URL counts as the own of the request: %s',
  async (url) => {
    const { api } = await signIn()
    await failureOf(api.get(url))
    expect(backend.calls.map(authorizationOf)).toEqual([null])
    expect(backend.refreshes).toHaveLength(0)
  },
)

test('auth: null, the one way to be rid of a default, is no credential', async () => {
  const { session } = await signIn()
  const api = guard(session, { auth: { username: 'user', password: 'pw' } })
  await api.get('/me', { auth: null as never })
  expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1'])
})

test('an Authorization among the defaults of the instance counts as its own', async () => {
  const { session } = await signIn()
  const api = guard(session, { headers: { common: { Authorization: 'Bearer default' } } as never })
  await failureOf(api.get('/me'))
  expect(backend.calls.map(authorizationOf)).toEqual(['Bearer default'])
})

test('an Authorization that a later interceptor sets counts as the own of the request', async () => {
  const { api } = await signIn()
  api.interceptors.request.use((config) => {
    config.headers.set('Authorization', 'Bearer signed')
    return config
  })
  await failureOf(api.get('/me'))
  expect(backend.calls.map(authorizationOf)).toEqual(['Bearer signed'])
})

describe('latchkey: { refresh: false }', () => {
  const config = { latchkey: { refresh: false } }

  test('carries the token, and its 401 is its own', async () => {
    const { api } = await signIn()
    backend.accepted.clear()
    const error = await failureOf(api.get('/me', config))
    expect(error.response?.status).toBe(401)
    expect(error.cause).toBeUndefined()
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1'])
    expect(backend.refreshes).toHaveLength(0)
  })

  test('goes out at once with a token that is known to have expired', async () => {
    const { api } = await signIn({}, { expiresIn: 15 })
    vi.setSystemTime(Date.now() + 15_000)
    await api.get('/me', config)
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1'])
    expect(backend.refreshes).toHaveLength(0)
  })
})

describe('latchkey as a default of the instance', () => {
  test('false leaves its requests alone, and a request may say otherwise', async () => {
    const { session } = await signIn()
    const api = guard(session, { latchkey: false })
    await failureOf(api.get('/public'))
    await api.get('/me', { latchkey: {} })
    expect(backend.calls.map(authorizationOf)).toEqual([null, 'Bearer access-1'])
  })

  test('and the option of the request count together', async () => {
    const { session } = await signIn()
    const api = guard(session, { latchkey: { refresh: false } })
    backend.accepted.clear()
    await failureOf(api.get('/me', { latchkey: { attach: true } }))
    expect(backend.refreshes).toHaveLength(0)
  })
})

test('an option on a polluted Object.prototype is not heeded', async () => {
  const { api } = await signIn()
  const sent: unknown[] = []
  const adapter: AxiosAdapter = (config) => {
    sent.push(config.headers.get('Authorization'))
    return Promise.resolve({ status: 200, statusText: '', data: '', headers: {}, config })
  }
  const prototype = Object.prototype as { latchkey?: false }
  prototype.latchkey = false
  try {
    await api.get('/me', { adapter })
  } finally {
    delete prototype.latchkey
  }
  expect(sent).toEqual(['Bearer access-1'])
})

test('an instance without a session shares nothing with a guarded one', async () => {
  const { api } = await signIn()
  await api.get('/me')
  await failureOf(axios.create({ baseURL: 'http://app.test/api' }).get('/me'))
  await failureOf(axios.get('http://app.test/api/me'))
  expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1', null, null])
})
