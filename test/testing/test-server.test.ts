import { http } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withSession } from '../../src/fetch.js'
import type { RefreshEndpoint } from '../../src/index.js'
import { cookie, headerPair, jsonPair, oauth2 } from '../../src/servers.js'
import { createTestServer, type TestServer, type TestServerOptions } from '../../src/testing.js'
import { openSession } from '../support/guarded-api.js'

const refreshUrl = 'http://app.test/auth/refresh'
const url = 'http://app.test/api/me'

let server: TestServer
const msw = setupServer(
  http.post(refreshUrl, (info) => server.refresh(info)),
  http.get(url, (info) => server.protect(() => new Response('fine'))(info)),
)
beforeAll(() => msw.listen({ onUnhandledRequest: 'error' }))
afterAll(() => msw.close())

const protocols: [protocol: NonNullable<TestServerOptions['protocol']>, endpoint: RefreshEndpoint][] = [
  ['headers', headerPair({ url: refreshUrl })],
  ['json', jsonPair({ url: refreshUrl })],
  ['form', oauth2({ url: refreshUrl, clientId: 'app' })],
  ['cookie', cookie({ url: refreshUrl, silentStart: false })],
]

describe.each(protocols)('with the protocol %s', (protocol, endpoint) => {
  async function open() {
    server = createTestServer({ protocol })
    const session = openSession({ refresh: endpoint })
    await session.setTokens(server.signIn({ sub: 'ada' }))
    const api = withSession((input, init) => fetch(input, init), session)
    return { session, get: () => api(url) }
  }

  test('a good access token is let in', async () => {
    const { session, get } = await open()
    expect(await (await get()).text()).toBe('fine')
    expect(session.state).toMatchObject({ status: 'signed-in', claims: { sub: 'ada' } })
    expect(server.refreshCount).toBe(0)
  })

  test('an expired one is cured by a refresh, again and again, and the user stays the same', async () => {
    const { session, get } = await open()
    for (let round = 1; round <= 3; round++) {
      server.expireAccessToken()
      expect((await get()).status).toBe(200)
      expect(server.refreshCount).toBe(round)
    }
    expect(session.state).toMatchObject({ claims: { sub: 'ada' } })
  })

  test('a session that is ended is ended', async () => {
    const { session, get } = await open()
    server.endSession()
    expect((await get()).status).toBe(401)
    expect(session.state).toEqual({ status: 'signed-out', reason: 'expired' })
  })

  test('who never signed in is refused, by the API and by the refresh endpoint', async () => {
    server = createTestServer({ protocol })
    expect((await fetch(url)).status).toBe(401)
    const init = { method: 'POST', ...(protocol === 'json' && { body: '{}' }) }
    expect([400, 401]).toContain((await fetch(refreshUrl, init)).status)
  })
})

const shapes: [name: string, options: TestServerOptions, endpoint: RefreshEndpoint][] = [
  [
    'other names',
    {
      protocol: 'json',
      reply: ({ accessToken, refreshToken }) =>
        Response.json({ result: { access: accessToken, refresh: refreshToken } }),
    },
    {
      ...jsonPair({ url: refreshUrl, names: { refreshToken: 'refresh' } }),
      parse({ body }) {
        const result = (body as { result?: { access: string; refresh: string } }).result
        return result ? { accessToken: result.access, refreshToken: result.refresh } : null
      },
    },
  ],
  [
    'tokens in the headers of its reply',
    {
      reply: ({ accessToken, refreshToken = '' }) =>
        new Response(null, { headers: { Authorization: `Bearer ${accessToken}`, Refresh: refreshToken } }),
    },
    headerPair({ url: refreshUrl }),
  ],
  [
    'one token, which asks for its own successor',
    { protocol: 'bearer' },
    {
      url: refreshUrl,
      send: ({ accessToken }) => ({ headers: { Authorization: `Bearer ${accessToken}` } }),
    },
  ],
]

test.each(shapes)('a server with %s is described by its reply', async (_, options, endpoint) => {
  server = createTestServer(options)
  const session = openSession({ refresh: endpoint })
  await session.setTokens(server.signIn({ sub: 'ada' }))
  const api = withSession((input, init) => fetch(input, init), session)
  for (let round = 1; round <= 3; round++) {
    server.expireAccessToken()
    expect((await api(url)).status).toBe(200)
    expect(server.refreshCount).toBe(round)
  }
  server.endSession()
  expect((await api(url)).status).toBe(401)
  expect(session.state).toEqual({ status: 'signed-out', reason: 'expired' })
})

test.each(['headers', 'json', 'form'] as const)('%s: a spent refresh token is refused', async (protocol) => {
  const own = createTestServer({ protocol })
  const { refreshToken = '' } = own.signIn()
  const send = (): Response | Promise<Response> => {
    const bodies = {
      headers: { headers: { Refresh: refreshToken } },
      json: { body: JSON.stringify({ refreshToken }) },
      form: { body: new URLSearchParams({ refresh_token: refreshToken }) },
    }
    return own.refresh({ request: new Request(refreshUrl, { method: 'POST', ...bodies[protocol] }) })
  }
  expect((await send()).status).toBe(200)
  expect((await send()).status).toBe(protocol === 'form' ? 400 : 401)
})

test('rotates: false: the refresh token stays, and replies bring no other', async () => {
  const own = createTestServer({ protocol: 'json', rotates: false })
  const { refreshToken } = own.signIn()
  const body = JSON.stringify({ refreshToken })
  for (let round = 1; round <= 2; round++) {
    const response = await own.refresh({ request: new Request(refreshUrl, { method: 'POST', body }) })
    expect(await response.json()).toEqual({ accessToken: expect.any(String), expiresIn: 900 })
  }
})

test('it answers a fetch of the app as well as msw', async () => {
  const own = createTestServer()
  const protect = own.protect(() => new Response('fine'))
  const session = openSession({ refresh: async () => own.signIn() })
  await session.setTokens(own.signIn())
  const api = withSession(async (input, init) => protect({ request: new Request(input, init) }), session)
  own.expireAccessToken()
  expect(await (await api(url)).text()).toBe('fine')
})

test('an option it does not have is a TypeError', () => {
  expect(() => createTestServer({ protocol: 'soap' } as never)).toThrow(/protocol takes/)
  expect(() => createTestServer({ protocols: 'json' } as never)).toThrow(/no option "protocols"/)
})
