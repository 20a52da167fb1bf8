import { expect, test } from 'vitest'
import { withSession } from '../../src/fetch.js'
import type { RefreshEndpoint, TokenSet } from '../../src/index.js'
import {
  fastapi,
  headerPair,
  laravelJwt,
  oauth2,
  simpleJwt,
  springAuthorizationRefresh,
  springReissue,
} from '../../src/servers.js'
import { createTestServer, type TestServerOptions } from '../../src/testing.js'
import { refreshUrl as url, useBackend } from '../support/backend.js'
import { openSession } from '../support/guarded-api.js'
import { apiUrl, platformFetch } from '../support/guarded-fetch.js'

const snakeCase = ({ accessToken, refreshToken }: TokenSet): Response =>
  Response.json({ access_token: accessToken, refresh_token: refreshToken, token_type: 'bearer' })

/** The servers of `latchkey/servers`, and how a test tells the auth server to play each. */
const servers: [name: string, endpoint: RefreshEndpoint, options: TestServerOptions][] = [
  ['headerPair', headerPair({ url }), {}],
  ['oauth2', oauth2({ url, clientId: 'app' }), { protocol: 'form' }],
  ['fastapi', fastapi({ url }), { protocol: 'json', reply: snakeCase }],
  [
    'simpleJwt',
    simpleJwt({ url }),
    {
      protocol: 'json',
      reply: ({ accessToken, refreshToken }) => Response.json({ access: accessToken, refresh: refreshToken }),
    },
  ],
  [
    'springReissue',
    springReissue({ url }),
    { protocol: 'json', reply: (tokens) => Response.json({ status: 200, data: tokens }) },
  ],
  [
    'springAuthorizationRefresh',
    springAuthorizationRefresh({ url }),
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
  ['laravelJwt', laravelJwt({ url }), { protocol: 'bearer', reply: snakeCase }],
]

const backend = useBackend()

test.each(servers)('%s renews at the auth server of tests, time and again', async (_, endpoint, options) => {
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
})
