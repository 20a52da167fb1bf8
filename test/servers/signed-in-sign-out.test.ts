import { HttpResponse } from 'msw'
import { expect, test } from 'vitest'
import { ginJwtV3, strapi } from '../../src/servers.js'
import { refreshUrl as url, useBackend } from '../support/backend.js'
import { claimExchange, json, signInAt } from './support/claims.js'

const backend = useBackend()
const headers = { 'content-type': 'application/json' }
const gin = (generation: number) =>
  json({
    access_token: `access-${generation}`,
    token_type: 'Bearer',
    expires_in: 3600,
    refresh_token: `refresh-${generation}`,
  })
const ginRefusal = (message: string) => json({ code: 401, message }, 401)

claimExchange('ginJwtV3', backend, {
  refresh: ginJwtV3({ url }),
  signIn: () => gin(1),
  request: { headers, body: '{"refresh_token":"refresh-1"}' },
  renewal: () => gin(2),
  refusals: {
    'a token that is wrong or expired': () => ginRefusal('invalid or expired refresh token'),
    'a token that it does not know': () => ginRefusal('refresh token not found'),
  },
  expired: () => ginRefusal('token is expired'),
})

test('a wrong path of ginJwtV3 is answered by the guard of the API, and ends no session', async () => {
  const { session } = await signInAt({ refresh: ginJwtV3({ url }), signIn: () => gin(1) }, backend)
  backend.renew = () => ginRefusal('cookie token is empty')
  await expect(session.refresh()).rejects.toMatchObject({ code: 'REFRESH_REFUSED', status: 401 })
  expect(session.state.status).toBe('signed-in')
})

const jwts = (generation: number) =>
  json({ jwt: `access-${generation}`, refreshToken: `refresh-${generation}` })
const strapiRefusal = () =>
  json(
    { data: null, error: { status: 401, name: 'UnauthorizedError', message: 'Invalid refresh token' } },
    401,
  )

claimExchange('strapi', backend, {
  refresh: strapi({ url }),
  signIn: () => jwts(1),
  request: { headers, body: '{"refreshToken":"refresh-1"}' },
  renewal: () => jwts(2),
  refusals: { 'a 401': strapiRefusal },
})

test.each([
  ['ginJwtV3', ginJwtV3, '{"refresh_token":"refresh-1"}'],
  ['strapi', strapi, '{"refreshToken":"refresh-1"}'],
])(
  'the sign-out of %s carries both tokens, since it lies behind the guard of the API',
  async (_, server, body) => {
    const { signOut } = server({ url, signOut: '/logout' })
    backend.answer = () => new HttpResponse(null, { status: 200 })
    await signOut?.({ accessToken: 'access-1', refreshToken: 'refresh-1' })
    const [call] = backend.calls
    expect(call?.headers.get('authorization')).toBe('Bearer access-1')
    expect(call?.text).toBe(body)
    await signOut?.({ accessToken: 'access-1' })
    expect(backend.calls).toHaveLength(1)
  },
)
