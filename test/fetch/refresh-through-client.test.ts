import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Fetch } from '../../src/fetch.js'
import type { TokenSet } from '../../src/index.js'
import { authorizationOf, refreshUrl, useBackend } from '../support/backend.js'
import { elapse } from '../support/elapse.js'
import { openSession } from '../support/guarded-api.js'
import { apiUrl, guardFetch } from '../support/guarded-fetch.js'

const backend = useBackend()
beforeEach(() => {
  vi.useFakeTimers()
  backend.renew = () => {
    backend.accepted.add('access-2')
    return Response.json({ accessToken: 'access-2', refreshToken: 'refresh-2' })
  }
})
afterEach(() => vi.useRealTimers())

type Send = (api: Fetch, tokens: TokenSet, signal: AbortSignal) => Promise<Response>

/** Refresh functions that post by the guarded fetch itself. */
const functions: [name: string, send: Send][] = [
  ['at once, as a Request', (api, tokens) => api(new Request(refreshUrl, post(JSON.stringify(tokens))))],
  [
    'after an await, the token in a header',
    async (api, { refreshToken = '' }) => {
      await Promise.resolve()
      return api(refreshUrl, { method: 'POST', headers: { Refresh: refreshToken } })
    },
  ],
  [
    'after an await, the token in a JSON body',
    async (api, tokens) => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      return api(refreshUrl, post(JSON.stringify(tokens)))
    },
  ],
  [
    'after an await, the token in a form',
    async (api, { refreshToken = '' }) => {
      await Promise.resolve()
      return api(refreshUrl, post(new URLSearchParams({ refresh_token: refreshToken })))
    },
  ],
  [
    'after an await, with a cookie and the signal',
    async (api, _, signal) => {
      await Promise.resolve()
      return api(refreshUrl, { method: 'POST', signal })
    },
  ],
]

const post = (body: BodyInit): RequestInit => ({ method: 'POST', body })

async function open(send: Send, tokens: Partial<TokenSet> = {}) {
  const session = openSession({
    refresh: async ({ tokens, signal }) => {
      const response = await send(api, tokens, signal)
      if (!response.ok) throw Object.assign(new Error('refused'), { response })
      return response.json()
    },
  })
  const warnings: string[] = []
  session.on((event) => {
    if (event.type === 'warning') warnings.push(event.code)
  })
  const api = guardFetch(session)
  await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1', ...tokens })
  return { session, api, warnings }
}

describe.each(functions)('a refresh through the guarded fetch itself, %s,', (_, send) => {
  test('does not wait for itself, when calls were refused', async () => {
    const { api } = await open(send)
    backend.accepted.clear()
    const replies = await elapse(Promise.all([api(`${apiUrl}/one`), api(`${apiUrl}/two`)]), 1000)
    expect(replies.map(({ status }) => status)).toEqual([200, 200])
    expect(backend.refreshes).toHaveLength(1)
  })

  test('does not wait for itself, when calls are held', async () => {
    const { api } = await open(send, { expiresIn: 15 })
    vi.setSystemTime(Date.now() + 15_000)
    expect((await elapse(api(`${apiUrl}/one`), 1000)).status).toBe(200)
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-2'])
  })

  test('goes out without the expired token, and with a warning', async () => {
    const { session, warnings } = await open(send)
    await elapse(session.refresh(), 1000)
    expect(backend.refreshes.map(authorizationOf)).toEqual([null])
    expect(warnings).toContain('REFRESH_THROUGH_CLIENT')
  })
})

test('a refresh that looks like any other call holds nobody for longer than the limit', async () => {
  const send: Send = async (api, tokens) => {
    await Promise.resolve()
    return api(new Request(refreshUrl, post(JSON.stringify(tokens))))
  }
  const { session, api } = await open(send, { expiresIn: 15 })
  vi.setSystemTime(Date.now() + 15_000)
  const error = await elapse(
    api(`${apiUrl}/me`).catch((error) => error),
    11_000,
  )
  expect(error.code).toBe('REFRESH_TIMEOUT')
  expect(session.state.status).toBe('signed-in')
})
