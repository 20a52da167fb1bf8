import type { AxiosError, AxiosInstance, AxiosRequestConfig } from 'axios'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { RefreshFunction, Session, TokenSet } from '../../src/index.js'
import { cookie } from '../../src/servers.js'
import { authorizationOf, refreshUrl, useBackend } from '../support/backend.js'
import { elapse } from '../support/elapse.js'
import { guard, openSession } from '../support/guarded-api.js'

const backend = useBackend()
beforeEach(() => {
  vi.useFakeTimers()
  backend.renew = () => {
    backend.accepted.add('access-2')
    return Response.json({ accessToken: 'access-2', refreshToken: 'refresh-2' })
  }
})
afterEach(() => vi.useRealTimers())

type Send = (api: AxiosInstance, tokens: TokenSet, config: AxiosRequestConfig) => Promise<{ data: TokenSet }>

const inHeader: Send = (api, { refreshToken }, config) =>
  api.post(refreshUrl, null, { ...config, headers: { Refresh: refreshToken as string } })
const inBody: Send = (api, { refreshToken }, config) => api.post(refreshUrl, { refreshToken }, config)
const byCookie: Send = (api, _, config) => api.post(refreshUrl, null, config)

/** Refresh functions that post by the guarded instance itself. */
const functions: [name: string, send: (api: AxiosInstance) => RefreshFunction][] = [
  [
    'at once, the token in a header',
    (api) =>
      async ({ tokens }) =>
        (await inHeader(api, tokens, {})).data,
  ],
  [
    'at once, the token in the body',
    (api) =>
      async ({ tokens }) =>
        (await inBody(api, tokens, {})).data,
  ],
  [
    'after an await, the token in a header',
    (api) =>
      async ({ tokens }) => {
        await Promise.resolve()
        return (await inHeader(api, tokens, {})).data
      },
  ],
  [
    'after an await, the token in the body',
    (api) =>
      async ({ tokens }) => {
        await new Promise((resolve) => setTimeout(resolve, 20))
        return (await inBody(api, tokens, {})).data
      },
  ],
  [
    'after an await, with a cookie and the signal',
    (api) =>
      async ({ tokens, signal }) => {
        await Promise.resolve()
        return (await byCookie(api, tokens, { signal })).data
      },
  ],
]

const interceptors: [name: string, add: (api: AxiosInstance) => void][] = [
  ['no interceptor of the app', () => {}],
  [
    'an asynchronous interceptor of the app',
    (api) => {
      api.interceptors.request.use(async (config) => {
        await Promise.resolve()
        return config
      })
    },
  ],
]

async function open(
  send: (api: AxiosInstance) => RefreshFunction,
  add: (api: AxiosInstance) => void,
  tokens: Partial<TokenSet> = {},
): Promise<{ session: Session; api: AxiosInstance; warnings: string[] }> {
  const refresh: RefreshFunction = (context) => send(api)(context)
  const session = openSession({ refresh })
  const warnings: string[] = []
  session.on((event) => {
    if (event.type === 'warning') warnings.push(event.code)
  })
  const api = guard(session)
  add(api)
  await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1', ...tokens })
  return { session, api, warnings }
}

describe.each(interceptors)('with %s', (_, add) => {
  describe.each(functions)('a refresh through the guarded instance itself, %s,', (_, send) => {
    test('does not wait for itself, when calls were refused', async () => {
      const { api } = await open(send, add)
      backend.accepted.clear()
      const replies = await elapse(Promise.all([api.get('/one'), api.get('/two')]), 1000)
      expect(replies.map(({ status }) => status)).toEqual([200, 200])
      expect(backend.refreshes).toHaveLength(1)
    })

    test('does not wait for itself, when calls are held', async () => {
      const { api } = await open(send, add, { expiresIn: 15 })
      vi.setSystemTime(Date.now() + 15_000)
      expect((await elapse(api.get('/one'), 1000)).status).toBe(200)
      expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-2'])
      expect(backend.refreshes).toHaveLength(1)
    })

    test('goes out without the expired token, and with a warning', async () => {
      const { session, warnings } = await open(send, add)
      await elapse(session.refresh(), 1000)
      expect(backend.refreshes.map(authorizationOf)).toEqual([null])
      expect(warnings).toContain('REFRESH_THROUGH_CLIENT')
    })

    test('and refused ends the session, without a refresh of its own', async () => {
      const { session, api } = await open(send, add)
      backend.accepted.clear()
      backend.renew = () => new Response(null, { status: 401 })
      const error: AxiosError = await elapse(
        api.get('/me').catch((error) => error),
        1000,
      )
      expect(error.response?.status).toBe(401)
      expect(error.cause).toMatchObject({ code: 'SESSION_EXPIRED' })
      expect(session.state).toEqual({ status: 'signed-out', reason: 'expired' })
      expect(backend.refreshes).toHaveLength(1)
    })
  })
})

test('a refresh that looks like any other call holds nobody for longer than the limit', async () => {
  const send = (api: AxiosInstance): RefreshFunction => {
    return async ({ tokens }) => {
      await Promise.resolve()
      return (await byCookie(api, tokens, {})).data
    }
  }
  const { session, api } = await open(send, () => {}, { expiresIn: 15 })
  vi.setSystemTime(Date.now() + 15_000)
  const error: AxiosError = await elapse(
    api.get('/me').catch((error) => error),
    11_000,
  )
  expect(error.code).toBe('REFRESH_TIMEOUT')
  expect(session.state.status).toBe('signed-in')
})

test('a call to the known refresh URL by the guarded instance is not held for the refresh', async () => {
  const session = openSession({ refresh: cookie({ url: refreshUrl, silentStart: false }) })
  const api = guard(session)
  await session.setTokens({ accessToken: 'access-1', expiresIn: 15 })
  vi.setSystemTime(Date.now() + 15_000)
  backend.renew = () => Response.json({ accessToken: 'access-2' })
  let nested: Promise<unknown> | undefined
  const told: string[] = []
  session.on(({ type }) => {
    told.push(type)
    if (type === 'refresh-started') nested = api.post(refreshUrl)
  })
  await elapse(session.refresh(), 1000)
  expect(told).not.toContain('request-held')
  await expect(nested).resolves.toMatchObject({ status: 200 })
})
