import axios, { type AxiosAdapter, type InternalAxiosRequestConfig } from 'axios'
import { afterEach, expect, test, vi } from 'vitest'
import { withSession } from '../../src/axios.js'
import { createSession, memoryStore, type SessionEvent } from '../../src/index.js'

afterEach(() => vi.restoreAllMocks())

const answer = (config: InternalAxiosRequestConfig, status: number) => ({
  config,
  status,
  statusText: '',
  headers: {},
  data: '',
})

/** An instance whose requests end in `adapter`, and a session whose tokens are refreshed by a function. */
async function signIn(adapter: AxiosAdapter, expiresIn?: number) {
  let refreshes = 0
  const refresh = async () => ({ accessToken: `access-${++refreshes + 1}`, refreshToken: 'refresh-2' })
  const session = createSession({ refresh, store: memoryStore() })
  const api = withSession(axios.create({ baseURL: '/api', adapter, validateStatus: () => true }), session)
  const tokens = { accessToken: 'access-1', refreshToken: 'refresh-1' }
  await session.setTokens(expiresIn === undefined ? tokens : { ...tokens, expiresIn })
  return { session, api, refreshes: () => refreshes }
}

test('a parameter named "has" is a parameter', async () => {
  const { api } = await signIn(async (config) => answer(config, 200))
  expect((await api.get('/search', { params: { has: 'image' } })).status).toBe(200)
})

test('what an adapter rejects with stays a rejection, be it an error or not', async () => {
  const thrown = { response: { status: 404 } }
  const { api } = await signIn(() => Promise.reject(thrown))
  await expect(api.get('/me')).rejects.toBe(thrown)
})

test("an interceptor that removes the adapter gets axios's own, as without a session", async () => {
  const sent = vi.fn(async (config: InternalAxiosRequestConfig) => answer(config, 200))
  const before = axios.defaults.adapter
  axios.defaults.adapter = sent
  try {
    const { api } = await signIn(async (config) => answer(config, 500))
    api.interceptors.request.use((config) => {
      Reflect.deleteProperty(config, 'adapter')
      return config
    })
    expect((await api.get('/me')).status).toBe(200)
    expect(String(sent.mock.calls[0]?.[0].headers.Authorization)).toBe('Bearer access-1')
  } finally {
    if (before) axios.defaults.adapter = before
  }
})

test('all events of a request that is held and then refused have one id', async () => {
  let sendings = 0
  const { session, api } = await signIn(async (config) => answer(config, sendings++ === 0 ? 401 : 200), 60)
  const events: SessionEvent[] = []
  session.on((event) => events.push(event))
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 61_000)
  expect((await api.get('/me')).status).toBe(200)
  const ofRequests = events.flatMap((event) => ('id' in event ? [[event.type, event.id]] : []))
  expect(ofRequests).toEqual([
    ['request-held', 1],
    ['request-released', 1],
    ['request-held', 1],
    ['request-replayed', 1],
  ])
})
