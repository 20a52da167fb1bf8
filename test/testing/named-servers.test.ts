import { expect, test } from 'vitest'
import { withSession } from '../../src/fetch.js'
import type { RefreshEndpoint, TokenSet } from '../../src/index.js'
import * as servers from '../../src/servers.js'
import { createTestServer, type TestServerOptions } from '../../src/testing.js'
import { refreshUrl as url, useBackend } from '../support/backend.js'
import { openSession } from '../support/guarded-api.js'
import { apiUrl, platformFetch } from '../support/guarded-fetch.js'

const snakeCase = ({ accessToken, refreshToken }: TokenSet): Response =>
  Response.json({ access_token: accessToken, refresh_token: refreshToken, token_type: 'bearer' })

/** The servers of `latchkey/servers`, and how a test tells the auth server to play each. */
const played: [name: keyof typeof servers, endpoint: RefreshEndpoint, options: TestServerOptions][] = [
  ['headerPair', servers.headerPair({ url }), {}],
  ['jsonRefresh', servers.jsonRefresh({ url }), { protocol: 'json' }],
  ['jsonPair', servers.jsonPair({ url }), { protocol: 'json' }],
  ['bearerRefresh', servers.bearerRefresh({ url }), {}],
  ['xRefreshToken', servers.xRefreshToken({ url }), {}],
  ['aspnetPair', servers.aspnetPair({ url }), { protocol: 'json' }],
  ['aspnetIdentity', servers.aspnetIdentity({ url }), { protocol: 'json' }],
  ['cookie', servers.cookie({ url }), { protocol: 'cookie' }],
  ['oauth2', servers.oauth2({ url, clientId: 'app' }), { protocol: 'form' }],
  ['fastapi', servers.fastapi({ url }), { protocol: 'json', rotates: false, reply: snakeCase }],
  ['supabase', servers.supabase({ url }), { protocol: 'json', reply: snakeCase }],
  ['flaskJwtExtended', servers.flaskJwtExtended({ url }), { rotates: false, reply: snakeCase }],
  ['fastapiJwtAuth', servers.fastapiJwtAuth({ url }), { rotates: false, reply: snakeCase }],
  ['ginJwtV3', servers.ginJwtV3({ url }), { protocol: 'json', reply: snakeCase }],
  [
    'strapi',
    servers.strapi({ url }),
    {
      protocol: 'json',
      reply: ({ accessToken, refreshToken }) => Response.json({ jwt: accessToken, refreshToken }),
    },
  ],
  [
    'firebase',
    servers.firebase({ url }),
    {
      protocol: 'form',
      reply: ({ accessToken, refreshToken }) =>
        Response.json({ id_token: accessToken, refresh_token: refreshToken, expires_in: '3600' }),
    },
  ],
  [
    'cognito',
    servers.cognito({ url, clientId: 'app', rotation: true }),
    {
      protocol: 'json',
      reply: ({ accessToken, refreshToken }) =>
        Response.json({ AuthenticationResult: { AccessToken: accessToken, RefreshToken: refreshToken } }),
    },
  ],
  ['laravelJwt', servers.laravelJwt({ url }), { protocol: 'bearer', reply: snakeCase }],
  [
    'ginJwt',
    servers.ginJwt({ url }),
    { protocol: 'bearer', reply: ({ accessToken }) => Response.json({ code: 200, token: accessToken }) },
  ],
  [
    'nestBearer',
    servers.nestBearer({ url }),
    { reply: ({ accessToken, refreshToken }) => Response.json({ token: accessToken, refreshToken }) },
  ],
  [
    'railsJwtSessions',
    servers.railsJwtSessions({ url }),
    { rotates: false, reply: ({ accessToken }) => Response.json({ access: accessToken, csrf: '' }) },
  ],
  [
    'directus',
    servers.directus({ url }),
    {
      protocol: 'json',
      reply: ({ accessToken, refreshToken }) =>
        Response.json({ data: { access_token: accessToken, refresh_token: refreshToken, expires: 900_000 } }),
    },
  ],
  [
    'simpleJwt',
    servers.simpleJwt({ url }),
    {
      protocol: 'json',
      reply: ({ accessToken, refreshToken }) => Response.json({ access: accessToken, refresh: refreshToken }),
    },
  ],
  [
    'springReissue',
    servers.springReissue({ url }),
    { protocol: 'json', reply: (tokens) => Response.json({ status: 200, data: tokens }) },
  ],
  [
    'springAuthorizationRefresh',
    servers.springAuthorizationRefresh({ url }),
    {
      reply: ({ accessToken, refreshToken = '' }) =>
        new Response(null, {
          headers: {
            Authorization: `Bearer ${accessToken}`,
            'Authorization-refresh': `Bearer ${refreshToken}`,
          },
        }),
    },
  ],
]

test('every server by name is played', () => {
  const parts = ['accessTokenHeader', 'tokensAt', 'tokensInHeaders']
  const names = Object.keys(servers).filter((name) => !parts.includes(name))
  expect(played.map(([name]) => name).sort()).toEqual(names.sort())
})

const backend = useBackend()

test.each(played)(
  '%s refreshes at the auth server of tests, time and again',
  async (_, endpoint, options) => {
    const server = createTestServer(options)
    const toRequest = ({ url, method, headers, text }: (typeof backend.calls)[number]): Request =>
      new Request(url, { method, headers, ...(text && { body: text }) })
    const item = server.protect(() => new Response('fine'))
    backend.renew = (call) => server.refresh({ request: toRequest(call) })
    backend.answer = (call) => item({ request: toRequest(call) })
    const session = openSession({ refresh: endpoint })
    await session.setTokens(server.signIn({ sub: 'ada' }))
    const api = withSession(platformFetch, session)
    for (let round = 1; round <= 3; round++) {
      server.expireAccessToken()
      expect(await (await api(`${apiUrl}/me`)).text()).toBe('fine')
      expect(server.refreshCount).toBe(round)
    }
  },
)
