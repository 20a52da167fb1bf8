import axios, {
  AxiosHeaders,
  type AxiosInstance,
  type AxiosRequestConfig,
  type InternalAxiosRequestConfig,
} from 'axios'
import MockAdapter from 'axios-mock-adapter'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { withSession } from '../../src/axios.js'
import type { TokenSet } from '../../src/index.js'
import { createTestSession } from '../../src/testing.js'
import { mockOrders } from '../recipes/code/axios-mock-adapter.js'
import { authorizationOf, useBackend } from '../support/backend.js'
import { openSession } from '../support/guarded-api.js'
import { failureOf, holdRefresh } from './support/users.js'

const backend = useBackend()
afterEach(() => vi.useRealTimers())

const sentWith = ({ headers }: AxiosRequestConfig): unknown =>
  AxiosHeaders.from(headers as AxiosHeaders).get('Authorization')

/** The README's own set-up, with its base URL or another, and a mock in place of the API. */
async function open(baseURL?: string, tokens: Partial<TokenSet> = {}) {
  const session = openSession()
  await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1', ...tokens })
  const api = withSession(axios.create(baseURL === undefined ? {} : { baseURL }), session)
  return { session, api, mock: new MockAdapter(api) }
}

describe.each([
  ["the README's absolute base URL", 'https://api.example.com', '/me'],
  ['an absolute base URL with a path', 'https://api.example.com/v1', 'me'],
  ["the page's own origin", 'http://app.test', '/me'],
  ['a relative base URL', '/api', '/me'],
  ['no base URL', undefined, '/me'],
  ['no base URL and an absolute one of the page', undefined, 'http://app.test/me'],
])('with %s', (_, baseURL, url) => {
  test('a mocked 401 leads to one refresh, and the request is sent again', async () => {
    const { api, mock } = await open(baseURL)
    mock.onGet(url).replyOnce(401)
    mock.onGet(url).reply(200, { name: 'Ada' })
    expect((await api.get(url)).data).toEqual({ name: 'Ada' })
    expect(backend.refreshes).toHaveLength(1)
    expect(mock.history.get.map(sentWith)).toEqual(['Bearer access-1', 'Bearer access-2'])
  })

  test('mock.history has the URL that the app asked for, and the Authorization that was sent', async () => {
    const { api, mock } = await open(baseURL)
    mock.onGet(url).reply(200)
    await api.get(url)
    expect(mock.history.get.map((config) => [config.url, sentWith(config)])).toEqual([
      [url, 'Bearer access-1'],
    ])
  })

  test('a request that was held still meets the handler of its URL', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { api, mock } = await open(baseURL, { expiresIn: 15 })
    mock.onGet(url).reply(200, { name: 'Ada' })
    const refresh = holdRefresh(backend)
    const call = api.get(url)
    await refresh.arrived
    expect(mock.history.get).toHaveLength(0)
    refresh.release()
    expect((await call).data).toEqual({ name: 'Ada' })
    expect(mock.history.get.map(sentWith)).toEqual(['Bearer access-2'])
  })
})

test('a mock of a session of latchkey/testing is refreshed in the same way', async () => {
  const session = await createTestSession({ claims: { name: 'Ada' } })
  const api = withSession(axios.create({ baseURL: 'https://api.example.com' }), session)
  const mock = new MockAdapter(api)
  mock.onGet('/me').replyOnce(401).onGet('/me').reply(200)
  await api.get('/me')
  expect(new Set(mock.history.get.map(sentWith)).size).toBe(2)
  session.dispose()
})

test('the mock may be there before the guard, too', async () => {
  const session = openSession()
  await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1' })
  const instance = axios.create({ baseURL: 'https://api.example.com' })
  const mock = new MockAdapter(instance)
  const api = withSession(instance, session)
  mock.onGet('/me').replyOnce(401).onGet('/me').reply(200)
  await api.get('/me')
  expect(mock.history.get.map(sentWith)).toEqual(['Bearer access-1', 'Bearer access-2'])
})

test('a mocked 401 that stays is the outcome of the request, with its body', async () => {
  const { api, mock } = await open('https://api.example.com')
  mock.onGet('/me').reply(401, { message: 'no' })
  const error = await failureOf(api.get('/me'))
  expect(error.response).toMatchObject({ status: 401, data: { message: 'no' } })
  expect(mock.history.get).toHaveLength(2)
})

test("a mock's network error and time-out are those of the request, and cause no refresh", async () => {
  const { api, mock } = await open('https://api.example.com')
  mock.onGet('/cut').networkError().onGet('/slow').timeout()
  expect((await failureOf(api.get('/cut'))).message).toBe('Network Error')
  expect((await failureOf(api.get('/slow'))).code).toBe('ECONNABORTED')
  expect(backend.refreshes).toHaveLength(0)
})

test('a route that is passed through is sent with the token', async () => {
  const { api, mock } = await open('http://app.test/api')
  mock.onGet('/me').passThrough()
  expect((await api.get('/me')).data).toEqual({ path: '/api/me' })
  expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1'])
})

test("a mock of an instance that has another host's URL shows no Authorization", async () => {
  const { api, mock } = await open('https://api.example.com')
  mock.onGet('https://elsewhere.example/me').reply(200)
  await api.get('https://elsewhere.example/me')
  expect(mock.history.get.map(sentWith)).toEqual([undefined])
})

test('a handler that answers with the config of another request gets to keep it', async () => {
  const { api, mock } = await open('https://api.example.com')
  const other = { url: '/other' } as InternalAxiosRequestConfig
  mock.onGet('/me').reply(() => ({ status: 200, config: other }) as never)
  expect((await api.get('/me')).config).toBe(other)
})

test('the recipe of the guide tests what an app does when its token has expired', async () => {
  const session = await createTestSession({ claims: { name: 'Ada' } })
  const api: AxiosInstance = withSession(axios.create({ baseURL: 'https://api.example.com' }), session)
  const mock = mockOrders(api)
  expect((await api.get('/orders')).data).toEqual([{ id: 1 }])
  expect(mock.history.get).toHaveLength(2)
  session.dispose()
})
