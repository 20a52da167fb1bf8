import axios, {
  type AxiosAdapter,
  type AxiosError,
  AxiosHeaders,
  type AxiosInstance,
  type AxiosRequestConfig,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios'
import { HttpResponse } from 'msw'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { withSession } from '../../src/axios.js'
import { authorizationOf, type Call, useBackend } from '../support/backend.js'
import { elapse } from '../support/elapse.js'
import { guard, signIn } from '../support/guarded-api.js'
import { holding } from '../support/holding.js'

const backend = useBackend()
afterEach(() => vi.useRealTimers())

const failureOf = (call: Promise<unknown>): Promise<AxiosError> =>
  call.then(
    () => Promise.reject(new Error('the call succeeded')),
    (error) => error,
  )

/** How often each of the caller's own parts ran, for one call that was refused and sent again. */
interface Runs {
  request: number
  response: number
  responseError: number
  transformRequest: number
  transformResponse: number
}

describe.each(['before', 'after'])("the caller's own interceptors, registered %s ours,", (order) => {
  async function callOnce(): Promise<{ runs: Runs; received: unknown }> {
    const runs = { request: 0, response: 0, responseError: 0, transformRequest: 0, transformResponse: 0 }
    const { session } = await signIn()
    backend.accepted.clear()
    const instance = axios.create({
      baseURL: 'http://app.test/api',
      transformRequest: (data, headers) => {
        runs.transformRequest++
        headers.set('Content-Type', 'application/json')
        return JSON.stringify({ envelope: data })
      },
      transformResponse: (data) => {
        runs.transformResponse++
        return { unwrapped: JSON.parse(data) }
      },
    })
    if (order === 'after') withSession(instance, session)
    instance.interceptors.request.use(async (config) => {
      runs.request++
      config.headers.set('X-Signed', `${config.headers.get('X-Signed') ?? ''}S`)
      return config
    })
    instance.interceptors.response.use(
      (response) => {
        runs.response++
        return response.data
      },
      (error) => {
        runs.responseError++
        throw error
      },
    )
    if (order === 'before') withSession(instance, session)
    const received = await instance.post('/me', { a: 1 })
    return { runs, received }
  }

  test('and transforms run exactly once each, and the caller gets what they made', async () => {
    const { runs, received } = await callOnce()
    expect(runs).toEqual({
      request: 1,
      response: 1,
      responseError: 0,
      transformRequest: 1,
      transformResponse: 1,
    })
    expect(received).toEqual({ unwrapped: { path: '/api/me' } })
  })

  test('leave both sendings alike but for the token', async () => {
    await callOnce()
    const shown = ({ text, method, headers }: Call): unknown => [text, method, headers.get('x-signed')]
    expect(backend.calls.map(shown)).toEqual([
      ['{"envelope":{"a":1}}', 'POST', 'S'],
      ['{"envelope":{"a":1}}', 'POST', 'S'],
    ])
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1', 'Bearer access-2'])
  })
})

test('a response interceptor sees a failure once, when the refresh did not help', async () => {
  const { session } = await signIn()
  backend.answer = () => new Response(null, { status: 401 })
  const instance = axios.create({ baseURL: 'http://app.test/api' })
  const seen = vi.fn((error) => Promise.reject(error))
  instance.interceptors.response.use(undefined, seen)
  withSession(instance, session)
  await failureOf(instance.get('/me'))
  expect(seen).toHaveBeenCalledTimes(1)
})

test('synchronous interceptors stay synchronous: the body is read while the caller is still there', async () => {
  const { api } = await signIn()
  const body = Object.assign(Object.create({ isOfAClass: true }), { count: 1 })
  const call = api.post('/me', body)
  body.count = 2
  await call
  expect(backend.calls.map(({ text }) => text)).toEqual(['{"count":1}'])
})

test('an interceptor that hands on a copy of the config, before or after ours, changes nothing', async () => {
  const { session } = await signIn()
  backend.accepted.clear()
  const instance = axios.create({ baseURL: 'http://app.test/api' })
  const copy = (config: InternalAxiosRequestConfig): InternalAxiosRequestConfig => ({
    ...config,
    headers: new AxiosHeaders({ ...config.headers }),
  })
  instance.interceptors.request.use(copy)
  withSession(instance, session)
  instance.interceptors.request.use(copy)
  expect((await instance.get('/me')).status).toBe(200)
  expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1', 'Bearer access-2'])
})

test('the time-out of a request counts for each sending, and not while it is held', async () => {
  vi.useFakeTimers()
  const { session } = await signIn({}, { expiresIn: 15 })
  const api = guard(session, { adapter: 'fetch', timeout: 1000 })
  vi.setSystemTime(Date.now() + 15_000)
  const refresh = holding(backend.renew)
  backend.renew = refresh.respond
  const call = api.get('/me')
  await refresh.arrived
  await vi.advanceTimersByTimeAsync(3000)
  refresh.release()
  expect((await elapse(call)).status).toBe(200)

  backend.answer = holding(backend.answer).respond
  const error = await elapse(failureOf(api.get('/me')), 2000)
  expect(error.code).toMatch(/^(ETIMEDOUT|ECONNABORTED)$/)
  expect(backend.refreshes).toHaveLength(1)
})

test('a transformResponse that cannot read the 401 does not hide it', async () => {
  const { api } = await signIn()
  backend.accepted.clear()
  const strict = (data: string): unknown => {
    const parsed = JSON.parse(data)
    if (!parsed.path) throw new Error('not what the schema says')
    return parsed
  }
  const { data } = await api.get('/me', { transformResponse: strict })
  expect(data).toEqual({ path: '/api/me' })
})

const verdicts: [name: string, config: AxiosRequestConfig][] = [
  ['() => true', { validateStatus: () => true }],
  ['() => false', { validateStatus: () => false }],
  ['null', { validateStatus: null }],
  ['undefined', { validateStatus: undefined as never }],
  ['(status) => status < 500', { validateStatus: (status) => status < 500 }],
]

describe.each(verdicts)('validateStatus: %s', (_, config) => {
  test('hides no expiry from us', async () => {
    const { api } = await signIn()
    backend.accepted.clear()
    const outcome = await api.get('/me', config).catch((error: AxiosError) => error.response as AxiosResponse)
    expect(outcome.status).toBe(200)
    expect(backend.refreshes).toHaveLength(1)
  })

  test('decides what the caller gets when there is no help', async () => {
    const { api } = await signIn()
    const bare = axios.create({ baseURL: 'http://app.test/api' })
    backend.answer = () => new Response(null, { status: 401 })
    const kindOf = (call: Promise<AxiosResponse>): Promise<unknown> =>
      call.then(
        ({ status }) => ['resolved', status],
        ({ response }) => ['rejected', response.status],
      )
    expect(await kindOf(api.get('/me', config))).toEqual(await kindOf(bare.get('/me', config)))
  })
})

describe('what the caller is handed holds no token:', () => {
  function withoutToken(config: unknown): void {
    expect(JSON.stringify(config)).not.toMatch(/access-\d/)
    expect((config as InternalAxiosRequestConfig).headers.has('Authorization')).toBe(false)
  }

  test('response.config is the very config that the interceptors saw', async () => {
    const { api } = await signIn()
    backend.accepted.clear()
    let seen: unknown
    api.interceptors.request.use((config) => {
      seen = config
      return config
    })
    const response = await api.get('/me')
    expect(response.config).toBe(seen)
    withoutToken(response.config)
  })

  test('error.config, error.response.config and error.toJSON()', async () => {
    const { api } = await signIn()
    backend.answer = () => new Response(null, { status: 401 })
    let seen: unknown
    api.interceptors.request.use((config) => {
      seen = config
      return config
    })
    const error = await failureOf(api.get('/me'))
    expect(error.config).toBe(seen)
    expect(error.response?.config).toBe(seen)
    withoutToken(error.config)
    expect(JSON.stringify(error.toJSON())).not.toMatch(/access-\d/)
  })

  test('the config of a network error', async () => {
    const { api } = await signIn()
    backend.answer = () => HttpResponse.error()
    const error = await failureOf(api.get('/me'))
    expect(error.code).toBe('ERR_NETWORK')
    withoutToken(error.config)
  })
})

describe('a config that is sent again', () => {
  async function failed(): Promise<{ api: AxiosInstance; config: InternalAxiosRequestConfig }> {
    const { api } = await signIn()
    backend.answer = () => new Response(null, { status: 503 })
    const { config } = await failureOf(api.get('/me'))
    backend.answer = () => new Response(null, { status: 204 })
    backend.calls.length = 0
    return { api, config: config as InternalAxiosRequestConfig }
  }

  test('by another instance takes nothing of the session along', async () => {
    const { config } = await failed()
    await axios.create().request(config)
    expect(backend.calls.map(authorizationOf)).toEqual([null])
  })

  test('by another instance, and refused there, starts no refresh', async () => {
    const { config } = await failed()
    backend.answer = () => new Response(null, { status: 401 })
    await failureOf(axios.create().request(config))
    expect(backend.calls).toHaveLength(1)
    expect(backend.refreshes).toHaveLength(0)
  })

  test('by the same instance carries the token that is good by then', async () => {
    const { api, config } = await failed()
    backend.accepted.clear()
    backend.answer = (call) =>
      new Response(null, { status: backend.accepted.has(String(authorizationOf(call)).slice(7)) ? 204 : 401 })
    expect((await api.request(config)).status).toBe(204)
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1', 'Bearer access-2'])
  })
})

describe('withSession twice on one instance', () => {
  test('refreshes once and sends twice, as once', async () => {
    const { session, api } = await signIn()
    withSession(api, session)
    backend.accepted.clear()
    expect((await api.get('/me')).status).toBe(200)
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1', 'Bearer access-2'])
    expect(backend.refreshes).toHaveLength(1)
  })

  test('is undone by one dispose', async () => {
    const { session, api } = await signIn()
    withSession(api, session)
    session.dispose()
    await failureOf(api.get('/me'))
    expect(backend.calls.map(authorizationOf)).toEqual([null])
  })
})

describe('withSession of a user who comes after another', () => {
  test('serves the new session when the old one was disposed of', async () => {
    const { session, api } = await signIn()
    session.dispose()
    const next = await signIn({}, { accessToken: 'next-access', refreshToken: 'next-refresh' })
    withSession(api, next.session)
    await failureOf(api.get('/me'))
    expect(authorizationOf(backend.calls[0] as Call)).toBe('Bearer next-access')
  })
})

describe('adapters', () => {
  /** An adapter as test libraries have it: it answers by the token alone, and settles as axios does. */
  function mock(): { adapter: AxiosAdapter; seen: unknown[] } {
    const seen: unknown[] = []
    const adapter: AxiosAdapter = (config) => {
      const authorization = config.headers.get('Authorization')
      seen.push(authorization)
      const status = backend.accepted.has(String(authorization).slice(7)) ? 200 : 401
      const response = { status, statusText: '', data: 'mocked', headers: {}, config }
      if (config.validateStatus?.(status) ?? true) return Promise.resolve(response)
      return Promise.reject(new axios.AxiosError('refused', 'ERR_BAD_REQUEST', config, undefined, response))
    }
    return { adapter, seen }
  }

  const twice = ['Bearer access-1', 'Bearer access-2']

  test('of one request', async () => {
    const { api } = await signIn()
    const { adapter, seen } = mock()
    backend.accepted.clear()
    expect((await api.get('/me', { adapter })).data).toBe('mocked')
    expect(seen).toEqual(twice)
  })

  test('put among the defaults before withSession', async () => {
    const { session } = await signIn()
    const { adapter, seen } = mock()
    backend.accepted.clear()
    expect((await guard(session, { adapter }).get('/me')).data).toBe('mocked')
    expect(seen).toEqual(twice)
  })

  test('put among the defaults after withSession, and taken away again', async () => {
    const { api } = await signIn()
    const { adapter, seen } = mock()
    const real = api.defaults.adapter as AxiosAdapter
    backend.accepted.clear()
    api.defaults.adapter = adapter
    expect((await api.get('/me')).data).toBe('mocked')
    expect(seen).toEqual(twice)
    api.defaults.adapter = real
    expect((await api.get('/me')).data).toEqual({ path: '/api/me' })
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-2'])
  })

  test.each(['xhr', 'fetch', 'http'] as const)('by name: %s', async (adapter) => {
    const { session } = await signIn()
    backend.accepted.clear()
    expect((await guard(session, { adapter }).get('/me')).status).toBe(200)
    expect(backend.calls.map(authorizationOf)).toEqual(twice)
  })

  test('that answer without headers', async () => {
    const { api } = await signIn()
    backend.accepted.clear()
    const { adapter, seen } = mock()
    const bare: AxiosAdapter = (config) =>
      adapter(config).catch((error) => {
        delete error.response.headers
        throw error
      })
    expect((await api.get('/me', { adapter: bare })).status).toBe(200)
    expect(seen).toEqual(twice)
  })

  test('that reject with something of their own are handed through', async () => {
    const { api } = await signIn()
    const reason = new Error('a bug of the adapter')
    await expect(api.get('/me', { adapter: () => Promise.reject(reason) })).rejects.toBe(reason)
  })

  test('that reject with nothing at all are handed through', async () => {
    const { api } = await signIn()
    const outcome = await api.get('/me', { adapter: () => Promise.reject() }).catch((reason) => ({ reason }))
    expect(outcome).toEqual({ reason: undefined })
  })

  test('that throw at once are handed through', async () => {
    const { api } = await signIn()
    const reason = new Error('a bug of the adapter')
    const adapter: AxiosAdapter = () => {
      throw reason
    }
    await expect(api.get('/me', { adapter })).rejects.toBe(reason)
  })

  test('that answer a refused stream have it freed before the replay', async () => {
    const { api } = await signIn()
    const destroy = vi.fn()
    const cancel = vi.fn(() => Promise.reject(new Error('locked')))
    for (const data of [{ destroy }, { cancel }]) {
      backend.accepted.clear()
      const { adapter } = mock()
      const withStream: AxiosAdapter = (config) =>
        adapter(config).catch((error) => {
          error.response.data = data
          throw error
        })
      expect((await api.get('/file', { adapter: withStream, responseType: 'stream' })).status).toBe(200)
    }
    expect(destroy).toHaveBeenCalledTimes(1)
    expect(cancel).toHaveBeenCalledTimes(1)
  })
})

test('every way to call an instance is guarded', async () => {
  const { api } = await signIn()
  await api('/me')
  await api({ url: '/me' })
  await api.request({ url: '/me' })
  await Promise.all([api.get('/me'), api.delete('/me'), api.head('/me'), api.options('/me')])
  await Promise.all([api.post('/me'), api.put('/me'), api.patch('/me'), api.postForm('/me', { a: 1 })])
  expect(new Set(backend.calls.map(authorizationOf))).toEqual(new Set(['Bearer access-1']))
  expect(backend.calls).toHaveLength(11)
})

test('withSession with what is no session, or with an option it does not have, throws a TypeError', async () => {
  const { session } = await signIn()
  const wrap = (given: unknown, options?: unknown) => (): unknown =>
    withSession(axios.create(), given as never, options as never)
  expect(wrap({})).toThrow(TypeError)
  expect(wrap(undefined)).toThrow(TypeError)
  expect(wrap(session, { allowedOrigin: [] })).toThrow(/no option "allowedOrigin"/)
})
