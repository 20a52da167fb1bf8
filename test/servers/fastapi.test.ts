// @vitest-environment node
import { expect, test } from 'vitest'
import { fastapi, fastapiJwtAuth } from '../../src/servers.js'
import { refreshUrl as url, useBackend } from '../support/backend.js'
import { claimExchange, json, signInAt } from './support/claims.js'

const backend = useBackend()
const tokens = (generation: number) => ({
  access_token: `access-${generation}`,
  refresh_token: `refresh-${generation}`,
})

/** The API's reply to `GET /me`, and how many refreshes that led to. */
async function refreshesAfter(refresh: ReturnType<typeof fastapi>, answer: () => Response): Promise<number> {
  const { api } = await signInAt({ refresh, signIn: () => json(tokens(1)) }, backend)
  backend.renew = () => json(tokens(2))
  backend.answer = ({ headers }) => (headers.get('authorization') === 'Bearer access-2' ? json({}) : answer())
  await api.get('/me').catch(() => {})
  return backend.refreshes.length
}

claimExchange('fastapi with HTTPBearer', backend, {
  refresh: fastapi({ url }),
  signIn: () => json({ ...tokens(1), token_type: 'bearer' }),
  request: { headers: { 'content-type': 'application/json' }, body: '{"refresh_token":"refresh-1"}' },
  renewal: () => json({ ...tokens(2), token_type: 'bearer' }),
  refusals: {
    'a 401': () => json({ detail: 'Could not validate credentials' }, 401),
    'a 403': () => json({ detail: 'Invalid token or expired token.' }, 403),
  },
  expired: () => json({ detail: 'Invalid token or expired token.' }, 403),
})

test.each([
  'Not authenticated',
  'Invalid authorization code.',
  'Invalid authentication credentials',
  'Could not validate credentials',
  'Signature has expired',
])('fastapi takes a 403 that says %j for an expiry', async (detail) => {
  expect(await refreshesAfter(fastapi({ url }), () => json({ detail }, 403))).toBe(1)
})

test.each([
  { detail: 'Not enough permissions' },
  { detail: "The user doesn't have enough privileges" },
  { detail: [{ msg: 'token' }] },
  { message: 'token' },
])('fastapi takes a 403 with %j for what it is', async (body) => {
  expect(await refreshesAfter(fastapi({ url }), () => json(body, 403))).toBe(0)
})

claimExchange('fastapiJwtAuth', backend, {
  refresh: fastapiJwtAuth({ url }),
  signIn: () => json(tokens(1)),
  request: { headers: { authorization: 'Bearer refresh-1' } },
  renewal: () => json({ access_token: 'access-2' }),
  keeps: 'refresh-1',
  refusals: {
    'a 401': () => json({ detail: 'Token has been revoked' }, 401),
    'a 422': () => json({ detail: 'Signature has expired' }, 422),
  },
  expired: () => json({ detail: 'Signature has expired' }, 422),
})

test.each(['Signature verification failed', 'Not enough segments', 'Only access tokens are allowed'])(
  'fastapiJwtAuth takes a 422 that says %j for an expiry',
  async (detail) => {
    expect(await refreshesAfter(fastapiJwtAuth({ url }), () => json({ detail }, 422))).toBe(1)
  },
)

test.each([{ detail: [{ loc: ['body', 'token'], msg: 'field required' }] }, { detail: 'The name is taken' }])(
  'fastapiJwtAuth takes a 422 with %j for what it is',
  async (body) => {
    expect(await refreshesAfter(fastapiJwtAuth({ url }), () => json(body, 422))).toBe(0)
  },
)

test('fastapiJwtAuth does not end a session because the input of the refresh was not valid', async () => {
  const signIn = () => json(tokens(1))
  const { session } = await signInAt({ refresh: fastapiJwtAuth({ url }), signIn }, backend)
  backend.renew = () => json({ detail: [{ loc: ['body'], msg: 'field required' }] }, 422)
  await expect(session.refresh()).rejects.toMatchObject({ code: 'REFRESH_REFUSED' })
  expect(session.state.status).toBe('signed-in')
})
