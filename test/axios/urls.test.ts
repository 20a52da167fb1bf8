import axios, { type AxiosAdapter, type AxiosError, type AxiosInstance } from 'axios'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { withSession } from '../../src/axios.js'
import type { Session } from '../../src/index.js'
import { headerPair } from '../../src/servers.js'
import { authorizationOf, useBackend } from '../support/backend.js'
import { elapse } from '../support/elapse.js'
import { guard, openSession, signIn } from '../support/guarded-api.js'
import { whilePolluted } from '../support/polluted.js'

const backend = useBackend()
afterEach(() => {
  vi.useRealTimers()
  document.head.replaceChildren()
})

/** An instance that is given full URLs and paths of the page's origin. */
const bare = (session: Session): AxiosInstance => withSession(axios.create(), session)

const failureOf = (call: Promise<unknown>): Promise<AxiosError> =>
  call.then(
    () => Promise.reject(new Error('the call succeeded')),
    (error) => error,
  )

const foreign = [
  'https://evil.test/me',
  'HTTPS://EVIL.TEST/me',
  '//evil.test/me',
  '/\\evil.test/me',
  '\\\\evil.test/me',
  '\\/evil.test/me',
  '/\t/evil.test/me',
  '\t//evil.test/me',
  '/\n\\evil.test/me',
  'http:\\\\evil.test\\me',
  'https:evil.test/me',
  'https://app.test/me',
  'http://app.test:8080/me',
  'http://app.test.evil.test/me',
  'http://sub.app.test/me',
  'https://evil.test/http://app.test/me',
  'https://evil.test\\@app.test/me',
  'https://evil.test#@app.test/me',
]

describe.each(foreign)('the foreign URL %j', (url) => {
  test('takes no token along, and its 401 starts no refresh', async () => {
    const { session } = await signIn()
    backend.accepted.clear()
    await failureOf(bare(session).get(url))
    expect(backend.calls.length).toBeLessThanOrEqual(1)
    expect(backend.calls.map(authorizationOf).filter((value) => value !== null)).toEqual([])
    expect(backend.refreshes).toHaveLength(0)
  })

  test('takes no token along past a base URL', async () => {
    const { session, api } = await signIn()
    await api.get(url).catch(() => {})
    for (const baseURL of ['http://app.test', 'http://app.test/', '/api', '/', '//', 'http://']) {
      const other = guard(session, { baseURL })
      await other.get(url).catch(() => {})
      await other.get(url, { allowAbsoluteUrls: false }).catch(() => {})
    }
    const astray = backend.calls.filter(({ url }) => url.origin !== 'http://app.test')
    expect(astray.map(authorizationOf).filter((value) => value !== null)).toEqual([])
  })
})

const withUserInfo = [
  'http://user@app.test/api/me',
  'http://user:password@app.test/api/me',
  'http://:password@app.test/api/me',
]

const ofForeignHosts = [
  'http://app.test@evil.test/me',
  'http://app.test:80@evil.test/me',
  '//app.test@evil.test/me',
  '/\\app.test@evil.test/me',
]

test.each(ofForeignHosts)(
  'the URL %j of a foreign host is sent as axios sends it, without a token',
  async (url) => {
    const { session } = await signIn()
    await bare(session)
      .get(url)
      .catch(() => {})
    expect(backend.calls.map(authorizationOf).filter((value) => value?.startsWith('Bearer'))).toEqual([])
  },
)

test('while nobody is signed in, a URL with a user is sent as axios sends it', async () => {
  const session = openSession()
  await session.ready
  const error = await failureOf(bare(session).get('http://user@app.test/api/me')).catch(() => undefined)
  expect(error?.code).not.toBe('UNSAFE_URL')
})

test.each(withUserInfo)('the URL %j with a user or a password is not sent at all', async (url) => {
  const { session } = await signIn()
  const error = await failureOf(bare(session).get(url))
  expect(error.isAxiosError).toBe(true)
  expect(error.code).toBe('UNSAFE_URL')
  expect(error.cause).toMatchObject({ name: 'AuthError', code: 'UNSAFE_URL' })
  expect(backend.calls).toHaveLength(0)
})

const ours = [
  'http://app.test/api/me',
  'http://APP.TEST/api/me',
  'http://app.test:80/api/me',
  '//app.test/api/me',
  '/api/me',
  'api/me',
  '/\\app.test/api/me',
  'http://app.test\\@evil.test/me',
  '/api/me?next=https://evil.test/',
  '/api/me#//evil.test/',
  '/api/@evil.test/me',
]

test.each(ours)('the URL %j of our own origin takes the token along', async (url) => {
  const { session } = await signIn()
  expect((await bare(session).get(url)).status).toBe(200)
  expect(backend.calls.map(({ url }) => url.host)).toEqual(['app.test'])
  expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1'])
})

test.each(['me', '/me', '//me', '@evil.test/me', '.evil.test/me'])(
  'the path %j after a base URL keeps to its origin with the token, or leaves without',
  async (url) => {
    const { api } = await signIn()
    await api.get(url).catch(() => {})
    const [call] = backend.calls
    const isOurs = call?.url.origin === 'http://app.test'
    expect(call && authorizationOf(call)).toBe(isOurs ? 'Bearer access-1' : null)
  },
)

test('with allowAbsoluteUrls: false a full URL is a path under the base, and takes the token along', async () => {
  const { api } = await signIn()
  await api.get('https://evil.test/me', { allowAbsoluteUrls: false })
  expect(backend.calls.map(({ url }) => url.host)).toEqual(['app.test'])
  expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1'])
})

describe('an origin of its own', () => {
  const other = 'https://other.test'

  test('takes the token when it is the base URL of the instance', async () => {
    const { session } = await signIn()
    await guard(session, { baseURL: `${other}/v1` }).get('/me')
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1'])
  })

  test('takes the token when the session allows it', async () => {
    const { api } = await signIn({ allowedOrigins: [other] })
    await api.get(`${other}/me`)
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1'])
  })

  test('takes the token when withSession allows it, from this instance alone', async () => {
    const { session, api } = await signIn()
    const wide = withSession(axios.create(), session, { allowedOrigins: [other] })
    await wide.get(`${other}/me`)
    await failureOf(api.get(`${other}/me`))
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1', null])
  })

  test('takes none when only the base URL of the request leads there', async () => {
    const { api } = await signIn()
    await failureOf(api.get('/me', { baseURL: other }))
    expect(backend.calls.map(authorizationOf)).toEqual([null])
    expect(backend.refreshes).toHaveLength(0)
  })

  test('takes none over plain http, base URL or not', async () => {
    const { session } = await signIn()
    await failureOf(guard(session, { baseURL: 'http://plain.test' }).get('/me'))
    expect(backend.calls.map(authorizationOf)).toEqual([null])
  })

  test('is followed when the base URL of the instance moves', async () => {
    const { session } = await signIn()
    const api = guard(session)
    await api.get('/me')
    api.defaults.baseURL = `${other}/v1`
    await api.get('/me')
    await failureOf(api.get('http://app.test/api/me'))
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1', 'Bearer access-1', null])
  })

  test('that the instance has left is no longer its own', async () => {
    const { session } = await signIn()
    const api = guard(session)
    const old = { baseURL: 'http://app.test/api' }
    await api.get('/me', old)
    api.defaults.baseURL = other
    await failureOf(api.get('/me', old))
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1', null])
  })

  test.each(['https://other.test/', 'https://other.test/path', 'http://other.test', '*', 'other.test', 7])(
    'written as %j is a TypeError that names the option',
    async (origin) => {
      const { session } = await signIn()
      const wrap = (): unknown => withSession(axios.create(), session, { allowedOrigins: [origin as string] })
      expect(wrap).toThrow(TypeError)
      expect(wrap).toThrow(/allowedOrigins/)
    },
  )
})

test('the URL that is judged is the one that is sent: an interceptor that rewrites it takes no token along', async () => {
  const { session } = await signIn()
  const instance = axios.create({ baseURL: 'http://app.test/api' })
  const rewrite = <Config extends { url?: string | undefined }>(config: Config): Config =>
    Object.assign(config, { url: 'https://evil.test/me' })
  instance.interceptors.request.use(rewrite)
  withSession(instance, session)
  instance.interceptors.request.use(rewrite)
  await failureOf(instance.get('/me'))
  expect(backend.calls.map(({ url }) => url.host)).toEqual(['evil.test'])
  expect(backend.calls.map(authorizationOf)).toEqual([null])
  expect(backend.refreshes).toHaveLength(0)
})

test('an interceptor that moves the base URL takes no token along', async () => {
  const { api } = await signIn()
  api.interceptors.request.use((config) => Object.assign(config, { baseURL: 'https://evil.test' }))
  await failureOf(api.get('/me'))
  expect(backend.calls.map(authorizationOf)).toEqual([null])
})

function setBase(href: string): void {
  const base = document.createElement('base')
  base.href = href
  document.head.append(base)
}

/** Where a browser would send a request, and with what; the XHR of the tests knows no <base>. */
function recorder(): { adapter: AxiosAdapter; sent: [url: string, authorization: unknown][] } {
  const sent: [string, unknown][] = []
  const adapter: AxiosAdapter = (config) => {
    sent.push([new URL(axios.getUri(config), document.baseURI).href, config.headers.get('Authorization')])
    return Promise.resolve({ status: 200, statusText: '', data: '', headers: {}, config })
  }
  return { adapter, sent }
}

test('a <base> element that leads to another origin takes no token there', async () => {
  const { session } = await signIn()
  const { adapter, sent } = recorder()
  setBase('https://evil.test/')
  await bare(session).get('me', { adapter })
  await bare(session).get('/me', { adapter })
  await guard(session, { baseURL: '/api' }).get('/me', { adapter })
  expect(sent).toEqual([
    ['https://evil.test/me', undefined],
    ['https://evil.test/me', undefined],
    ['https://evil.test/api/me', undefined],
  ])
})

test('a <base> element that comes later takes no token along either', async () => {
  const { session } = await signIn()
  const { adapter, sent } = recorder()
  const api = guard(session, { baseURL: '/api', adapter })
  await api.get('/me')
  setBase('https://evil.test/')
  await api.get('/me')
  expect(sent).toEqual([
    ['http://app.test/api/me', 'Bearer access-1'],
    ['https://evil.test/api/me', undefined],
  ])
})

test('a <base> element that comes later does not lead the refresh token to another origin', async () => {
  vi.useFakeTimers()
  const { session } = await signIn({ refresh: headerPair({ url: '/auth/refresh' }) })
  setBase('https://evil.test/')
  await elapse(session.refresh().catch(() => {}))
  expect(backend.calls).toHaveLength(0)
})

test('a <base> element that leads to another origin is no base for the refresh endpoint', async () => {
  vi.useFakeTimers()
  setBase('https://evil.test/')
  const signInAndRefresh = async (): Promise<void> => {
    const { session } = await signIn({ refresh: headerPair({ url: '/auth/refresh' }) })
    await session.refresh()
  }
  await expect(elapse(signInAndRefresh())).rejects.toThrow()
  expect(backend.calls).toHaveLength(0)
})

test('a <base> element with a path moves relative URLs, and they take the token along', async () => {
  const { session } = await signIn()
  const { adapter, sent } = recorder()
  setBase('/deep/app/')
  await bare(session).get('me', { adapter })
  expect(sent).toEqual([['http://app.test/deep/app/me', 'Bearer access-1']])
})

test('a 401 from where a redirect led, which lost the token on the way, starts no refresh', async () => {
  const { api } = await signIn()
  const adapter = vi.fn<AxiosAdapter>((config) => {
    const request = { responseURL: 'https://storage.test/file' }
    return Promise.resolve({ status: 401, statusText: '', data: '', headers: {}, config, request })
  })
  expect((await api.get('/file', { adapter })).status).toBe(401)
  expect(adapter).toHaveBeenCalledTimes(1)
  expect(backend.refreshes).toHaveLength(0)
})

test('a polluted Object.prototype makes no base URL that is ours', async () => {
  const { session } = await signIn()
  const { adapter, sent } = recorder()
  const api = withSession(axios.create({ adapter }), session)
  // A plain object, as the defaults of axios itself are.
  api.defaults = { ...api.defaults }
  await whilePolluted({ baseURL: 'https://evil.test' }, () => api.get('https://evil.test/me'))
  expect(sent).toEqual([['https://evil.test/me', undefined]])
})
