import axios, { type AxiosInstance, type InternalAxiosRequestConfig } from 'axios'
import { describe, expect, test } from 'vitest'
import { withSession } from '../../src/axios.js'
import type { Session, TokenSet } from '../../src/index.js'
import { headerPair } from '../../src/servers.js'
import { authorizationOf, refreshUrl, useBackend } from '../support/backend.js'
import { guard, openSession } from '../support/guarded-api.js'
import { settled } from '../support/settled.js'

const backend = useBackend()

/** A session that takes tokens from any reply, and an instance with axios' fetch adapter. */
async function open(): Promise<{ session: Session; api: AxiosInstance }> {
  const onReply = ({ header }: { header(name: string): string | null }): TokenSet | null => {
    const accessToken = header('X-New-Token')
    return accessToken === null ? null : { accessToken }
  }
  const session = openSession({ refresh: { ...headerPair({ url: refreshUrl }), onReply } })
  await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1' })
  return { session, api: guard(session, { adapter: 'fetch' }) }
}

/** A `fetch` that is led to `url`, and answers from there. */
const ledTo =
  (url: string, status = 200) =>
  async (): Promise<Response> =>
    Object.defineProperty(
      new Response('{}', { status, headers: status === 200 ? { 'X-New-Token': 'mallory' } : {} }),
      'url',
      {
        value: url,
      },
    )

const env = (fetch: unknown): { env: never } => ({ env: { fetch } as never })

describe("a reply of axios' fetch adapter", () => {
  test.each([
    ['the API itself', 'http://app.test/api/me', 'mallory'],
    ['a foreign origin, by way of a redirect,', 'https://evil.test/me', 'access-1'],
    ['who knows where', '', 'access-1'],
  ])('from %s leaves the session with the token that it may bring', async (_, url, expected) => {
    const { session, api } = await open()
    await api.get('/me', env(ledTo(url)))
    await settled()
    expect(await session.getAccessToken()).toBe(expected)
  })

  test.each([
    ['the API itself', 'http://app.test/api/me', 1],
    ['a foreign origin, by way of a redirect,', 'https://evil.test/me', 0],
    ['who knows where', '', 1],
  ])('that is a 401 from %s (%s) causes as many refreshes: %d', async (_, url, refreshes) => {
    const { api } = await open()
    await api.get('/me', env(ledTo(url, 401))).catch(() => {})
    expect(backend.refreshes).toHaveLength(refreshes)
  })

  test('is known without a `fetch` of the app, too', async () => {
    const { session, api } = await open()
    backend.answer = () => new Response('{}', { headers: { 'X-New-Token': 'access-2' } })
    await api.get('/me')
    await expect.poll(() => session.getAccessToken()).toBe('access-2')
  })
})

test('a reply of an adapter that tells no URL brings no token', async () => {
  const { session, api } = await open()
  const headers = { 'X-New-Token': 'mallory' }
  await api.get('/me', {
    adapter: async (config) => ({ status: 200, statusText: '', data: '', headers, config }),
  })
  await settled()
  expect(await session.getAccessToken()).toBe('access-1')
})

test("an adapter of the app's is given the config with the env that the app gave it", async () => {
  const { api } = await open()
  const seen: unknown[] = []
  const adapter = async (config: InternalAxiosRequestConfig) => {
    seen.push(config.env?.fetch)
    return { status: 200, statusText: '', data: '', headers: {}, config }
  }
  const own = async (): Promise<Response> => new Response()
  await api.get('/me', { adapter, ...env(own) })
  expect(seen).toEqual([own])
})

test("what the caller is handed has the caller's own env", async () => {
  const { api } = await open()
  const { config } = await api.get('/me')
  const bare = await axios.create({ baseURL: 'http://app.test/api', adapter: 'fetch' }).get('/me', {
    headers: { Authorization: 'Bearer access-1' },
  })
  expect(Object.keys(config.env ?? {})).toEqual(Object.keys(bare.config.env ?? {}))
})

describe('a config that never reached its adapter', () => {
  test.each([
    ['signal', (controller: AbortController) => ({ signal: controller.signal })],
    [
      'cancelToken',
      (controller: AbortController) => ({
        cancelToken: new axios.CancelToken((cancel) =>
          controller.signal.addEventListener('abort', () => cancel()),
        ),
      }),
    ],
  ])('since its %s was cancelled takes nothing along when axios itself sends it', async (_, optionsOf) => {
    const { session } = await open()
    const controller = new AbortController()
    const instance = axios.create({ baseURL: 'http://app.test/api' })
    let kept: InternalAxiosRequestConfig | undefined
    instance.interceptors.request.use((config) => {
      kept = config
      controller.abort()
      return config
    })
    const api = withSession(instance, session)
    const error = await api.get('/me', optionsOf(controller)).catch((error) => error)
    expect(axios.isCancel(error)).toBe(true)
    const { signal: _signal, cancelToken: _token, ...config } = kept as InternalAxiosRequestConfig
    await axios(config).catch(() => {})
    expect(backend.calls.map(authorizationOf)).toEqual([null])
    backend.calls.length = 0
    await api(config)
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1'])
  })
})

test('an interceptor that forgets to return its config fails as with axios alone', async () => {
  const { session } = await open()
  const failureOf = (wrap: (instance: AxiosInstance) => unknown): Promise<unknown> => {
    const instance = axios.create({ baseURL: 'http://app.test/api' })
    wrap(instance)
    instance.interceptors.request.use(() => undefined as never)
    return instance.get('/me').catch(({ name, message }) => [name, message])
  }
  expect(await failureOf((instance) => withSession(instance, session))).toEqual(await failureOf(() => {}))
})
