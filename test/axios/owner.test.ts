import axios from 'axios'
import { beforeEach, describe, expect, test } from 'vitest'
import { authErrorOf, withSession } from '../../src/axios.js'
import { authorizationOf, useBackend } from '../support/backend.js'
import { guard, openSession, signIn } from '../support/guarded-api.js'
import { unsignedJwt } from '../support/unsigned-jwt.js'

const backend = useBackend()
const bob = { accessToken: 'bob', refreshToken: 'refresh-bob' }

beforeEach(() => {
  backend.accepted.add('bob')
})

const outcomeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'sent',
    (error) => authErrorOf(error)?.code ?? error.code,
  )

const tokensSent = (): (string | null)[] => backend.calls.map(authorizationOf)

describe('a request belongs to the user for whom the call was made', () => {
  test.each([
    ['before', 'after'],
    ['after', 'before'],
  ])('an asynchronous interceptor %s withSession meets another user: nothing is sent', async (order) => {
    const session = openSession()
    await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1' })
    const api = axios.create({ baseURL: 'http://app.test/api' })
    const change = () =>
      api.interceptors.request.use(async (config) => {
        await session.signOut()
        await session.setTokens(bob)
        return config
      })
    if (order === 'before') change()
    const guarded = withSession(api, session)
    if (order === 'after') change()
    expect(await outcomeOf(guarded.post('/transfer', { from: 'alice' }))).toBe('SESSION_CHANGED')
    expect(backend.calls).toHaveLength(0)
  })

  test('also where an interceptor makes a new config', async () => {
    const { session, api } = await signIn()
    api.interceptors.request.use(async (config) => {
      await session.setTokens(bob)
      return { ...config }
    })
    expect(await outcomeOf(api.post('/transfer'))).toBe('SESSION_CHANGED')
    expect(backend.calls).toHaveLength(0)
  })

  test('a call that was made while nobody was signed in goes out for whoever signs in', async () => {
    const session = openSession()
    await session.ready
    const api = guard(session)
    api.interceptors.request.use(async (config) => {
      await session.setTokens(bob)
      return config
    })
    await api.get('/me')
    expect(tokensSent()).toEqual(['Bearer bob'])
  })
})

describe('a config that is sent again', () => {
  /** The config of a call of Alice's that failed. */
  async function failedConfig() {
    const { session, api } = await signIn()
    const { answer } = backend
    backend.answer = () => new Response(null, { status: 503 })
    const { config } = await api.put('/items/1', { of: 'alice' }).catch((error) => error)
    backend.answer = answer
    backend.calls.length = 0
    return { session, api, config }
  }

  test('goes out for the same user, with the token of now', async () => {
    const { session, api, config } = await failedConfig()
    await session.refresh()
    await api(config)
    expect(tokensSent()).toEqual(['Bearer access-2'])
  })

  test('is refused for another user, with the cancellation that no plugin tries again', async () => {
    const { session, api, config } = await failedConfig()
    await session.setTokens(bob)
    const error = await api(config).catch((error) => error)
    expect(axios.isCancel(error)).toBe(true)
    expect(authErrorOf(error)).toMatchObject({ code: 'SESSION_CHANGED', retryable: false })
    expect(backend.calls).toHaveLength(0)
  })

  test('is refused after a sign-out, too', async () => {
    const { session, api, config } = await failedConfig()
    await session.signOut()
    expect(await outcomeOf(api(config))).toBe('SESSION_CHANGED')
    expect(backend.calls).toHaveLength(0)
  })

  test('is refused when it was stored as JSON in between', async () => {
    const { session, api, config } = await failedConfig()
    await session.setTokens(bob)
    const { method, url, data, latchkey } = JSON.parse(JSON.stringify(config))
    expect(await outcomeOf(api({ method, url, data, latchkey }))).toBe('SESSION_CHANGED')
    expect(backend.calls).toHaveLength(0)
  })

  test('goes out when the same user has signed in again', async () => {
    const alice = (n: number) => unsignedJwt({ sub: 'alice', n })
    const session = openSession()
    await session.setTokens({ accessToken: alice(1) })
    const api = guard(session)
    backend.answer = () => new Response(null, { status: 503 })
    const { config } = await api.put('/items/1').catch((error) => error)
    await session.signOut()
    await session.setTokens({ accessToken: alice(2) })
    await api(config).catch(() => {})
    expect(tokensSent()).toEqual([`Bearer ${alice(1)}`, `Bearer ${alice(2)}`])
  })

  test('is not marked where it gets no token', async () => {
    const { api } = await signIn()
    const opted = await api.get('/public', { latchkey: false, validateStatus: null })
    const unattached = await api.get('/public', {
      latchkey: { attach: false },
      validateStatus: null,
    })
    expect(opted.config.latchkey).toBe(false)
    expect(unattached.config.latchkey).toEqual({ attach: false })
  })

  test("keeps the caller's own options, and leaves the caller's object alone", async () => {
    const { api } = await signIn()
    const options = { refresh: false }
    const { config } = await api.get('/me', { latchkey: options })
    expect(config.latchkey).toEqual({ refresh: false, session: expect.any(String) })
    expect(options).toEqual({ refresh: false })
  })
})

describe('authErrorOf', () => {
  test('finds the reason behind a 401 that was handed over as a reply', async () => {
    const { api } = await signIn()
    backend.accepted.clear()
    backend.renew = () => new Response(null, { status: 401 })
    const response = await api.get('/me', { validateStatus: null })
    expect(response.status).toBe(401)
    expect(authErrorOf(response)).toMatchObject({ code: 'SESSION_EXPIRED' })
  })

  test('is undefined for what has no such reason, however it is made', () => {
    const circle: { cause?: unknown } = {}
    circle.cause = circle
    for (const failed of [
      undefined,
      null,
      'text',
      401,
      {},
      new Error('mine'),
      circle,
      { cause: { cause: 1 } },
    ]) {
      expect(authErrorOf(failed)).toBeUndefined()
    }
  })
})
