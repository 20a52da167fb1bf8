import axios, { type AxiosInstance } from 'axios'
import { setupCache } from 'axios-cache-interceptor'
import { HttpResponse } from 'msw'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { withSession } from '../../src/axios.js'
import { isAuthError, memoryStore, type SessionOptions, type TokenSet } from '../../src/index.js'
import { createCachedApi } from '../recipes/code/axios-cache-interceptor.js'
import { authorizationOf, useBackend } from '../support/backend.js'
import { openSession } from '../support/guarded-api.js'
import { holding } from '../support/holding.js'
import { bob, departures, failureOf } from './support/users.js'

const backend = useBackend()
const baseURL = 'http://app.test/api'
const alice = { accessToken: 'access-1', refreshToken: 'refresh-1' }
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  // An API whose replies say that they are for the bearer alone.
  backend.answer = (call) =>
    HttpResponse.json(
      { bearer: authorizationOf(call) },
      { headers: { Vary: 'Authorization', 'Cache-Control': 'max-age=600' } },
    )
})
afterEach(() => vi.useRealTimers())

async function open(options: Partial<SessionOptions> = {}, tokens: Partial<TokenSet> = {}) {
  const session = openSession(options)
  await session.setTokens({ ...alice, ...tokens })
  return { session, api: createCachedApi(session, baseURL) }
}

const bearerOf = async (api: AxiosInstance): Promise<unknown> => (await api.get('/me')).data.bearer

describe('axios-cache-interceptor as the recipe has it:', () => {
  test('a reply of Alice is served to Alice again, after a refresh as well', async () => {
    const { session, api } = await open()
    expect(await bearerOf(api)).toBe('Bearer access-1')
    await session.refresh()
    expect(await bearerOf(api)).toBe('Bearer access-1')
    expect(backend.calls).toHaveLength(1)
  })

  test('a reply with Vary: Authorization that Alice was given is not served to Bob', async () => {
    const { session, api } = await open()
    await bearerOf(api)
    await session.setTokens(bob)
    expect(await bearerOf(api)).toBe('Bearer bob-access')
    expect(backend.calls).toHaveLength(2)
  })

  test('a reply that Alice was given is served to nobody after her sign-out', async () => {
    const { session, api } = await open()
    await bearerOf(api)
    await session.signOut()
    expect(await bearerOf(api)).toBeNull()
  })

  test('a reply that Alice was given is served to nobody when her session has ended', async () => {
    const { session, api } = await open()
    await bearerOf(api)
    backend.renew = () => new Response(null, { status: 401 })
    await session.refresh().catch(isAuthError)
    expect(await bearerOf(api)).toBeNull()
  })

  test('a reply to Alice that comes when Bob is signed in is not his', async () => {
    const { session, api } = await open()
    const { answer } = backend
    const slow = holding(answer)
    backend.answer = slow.respond
    const call = bearerOf(api)
    await slow.arrived
    await session.setTokens(bob)
    backend.answer = answer
    const ofBob = bearerOf(api)
    slow.release()
    expect(await call).toBe('Bearer access-1')
    expect(await ofBob).toBe('Bearer bob-access')
    expect(await bearerOf(api)).toBe('Bearer bob-access')
  })

  test('what was asked for before the store was read is not kept for who comes after', async () => {
    const store = memoryStore()
    await open({ store })
    const session = openSession({ store })
    const api = createCachedApi(session, baseURL)
    expect(session.state.status).toBe('loading')
    expect(await bearerOf(api)).toBe('Bearer access-1')
    await session.signOut()
    expect(await bearerOf(api)).toBeNull()
  })

  test('a hit is served while the token has expired and the auth server is down', async () => {
    const { api } = await open({}, { expiresIn: 15 })
    await bearerOf(api)
    vi.setSystemTime(Date.now() + 15_000)
    backend.renew = () => HttpResponse.error()
    expect(await bearerOf(api)).toBe('Bearer access-1')
    expect(backend.refreshes).toHaveLength(0)
  })

  test('two requests of Alice at once are one request', async () => {
    const { api } = await open()
    await Promise.all([bearerOf(api), bearerOf(api)])
    expect(backend.calls).toHaveLength(1)
  })

  test('a refused request is sent again once, and its reply is the one that is kept', async () => {
    const { api } = await open()
    const { answer } = backend
    backend.answer = (call) =>
      authorizationOf(call) === 'Bearer access-1' ? new Response(null, { status: 401 }) : answer(call)
    expect(await bearerOf(api)).toBe('Bearer access-2')
    expect(await bearerOf(api)).toBe('Bearer access-2')
    expect(backend.calls).toHaveLength(2)
  })

  test.each(departures)('a held request of Alice is not sent %s', async (_, depart) => {
    const { session, api } = await open({}, { expiresIn: 15 })
    vi.setSystemTime(Date.now() + 15_000)
    const refresh = holding(backend.renew)
    backend.renew = refresh.respond
    const call = failureOf(api.get('/me'))
    await refresh.arrived
    await depart(session)
    await call
    refresh.release()
    expect(backend.calls).toHaveLength(0)
  })
})

test('with the guard registered first, a hit waits for a refresh, as the guide says', async () => {
  const session = openSession()
  await session.setTokens({ ...alice, expiresIn: 15 })
  const api = setupCache(withSession(axios.create({ baseURL }), session))
  await bearerOf(api)
  vi.setSystemTime(Date.now() + 15_000)
  expect(await bearerOf(api)).toBe('Bearer access-1')
  expect(backend.refreshes).toHaveLength(1)
  expect(backend.calls).toHaveLength(1)
})
