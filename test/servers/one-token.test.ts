// @vitest-environment node
import { HttpResponse } from 'msw'
import { expect, test } from 'vitest'
import { ginJwt, laravelJwt } from '../../src/servers.js'
import { authorizationOf, refreshUrl as url, useBackend } from '../support/backend.js'
import { settled } from '../support/settled.js'
import { claimExchange, json, signInAt } from './support/claims.js'

const backend = useBackend()
const laravel = (generation: number) =>
  json({ access_token: `access-${generation}`, token_type: 'bearer', expires_in: 3600 })

claimExchange('laravelJwt', backend, {
  refresh: laravelJwt({ url }),
  signIn: () => laravel(1),
  request: { headers: { authorization: 'Bearer access-1' } },
  renewal: () => laravel(2),
  keeps: null,
  refusals: { 'a 401': () => json({ message: 'Unauthenticated.' }, 401) },
  expired: () => json({ message: 'Unauthenticated.' }, 401),
})

const inHeader = (generation: number, status = 200) =>
  new HttpResponse('{}', { status, headers: { Authorization: `Bearer access-${generation}` } })

test('laravelJwt asks before the expiry, for the route takes no expired token', () => {
  expect(laravelJwt({ url }).timing).toBe('before-expiry')
})

test('laravelJwt takes a new token from any reply, with tokensOnAnyReply', async () => {
  const refresh = laravelJwt({ url, tokensOnAnyReply: true })
  const { session, api } = await signInAt({ refresh, signIn: () => laravel(1) }, backend)
  backend.answer = () => inHeader(2)
  await api.get('/me')
  await expect.poll(() => session.getAccessToken()).toBe('access-2')
  await api.get('/me')
  expect(backend.calls.slice(1).map(authorizationOf)).toEqual(['Bearer access-1', 'Bearer access-2'])
  expect(backend.refreshes).toHaveLength(0)
})

test('laravelJwt takes it from a refused order too, for the middleware renews before the route is asked', async () => {
  const refresh = laravelJwt({ url, tokensOnAnyReply: true })
  const { session, api } = await signInAt({ refresh, signIn: () => laravel(1) }, backend)
  backend.answer = () => inHeader(2, 422)
  await expect(api.post('/orders', {})).rejects.toMatchObject({ response: { status: 422 } })
  expect(await session.getAccessToken()).toBe('access-2')
})

test('laravelJwt takes it from the reply to a request that was sent again', async () => {
  const refresh = laravelJwt({ url, tokensOnAnyReply: true })
  const { session, api } = await signInAt({ refresh, signIn: () => laravel(1) }, backend)
  backend.renew = () => laravel(2)
  backend.answer = (call) => (authorizationOf(call) === 'Bearer access-1' ? json({}, 401) : inHeader(3))
  await api.get('/me')
  expect(await session.getAccessToken()).toBe('access-3')
  expect(backend.refreshes).toHaveLength(1)
})

test('laravelJwt leaves the headers of other replies alone otherwise', async () => {
  const { session, api } = await signInAt({ refresh: laravelJwt({ url }), signIn: () => laravel(1) }, backend)
  backend.answer = () => inHeader(2)
  await api.get('/me')
  await settled()
  expect(await session.getAccessToken()).toBe('access-1')
})

const gin = (generation: number) =>
  json({ code: 200, token: `access-${generation}`, expire: '2030-01-01T00:00:00Z' })

claimExchange('ginJwt', backend, {
  refresh: ginJwt({ url }),
  signIn: () => gin(1),
  request: { method: 'GET', headers: { authorization: 'Bearer access-1' } },
  renewal: () => gin(2),
  keeps: null,
  refusals: { 'a 401': () => json({ code: 401, message: 'token is expired' }, 401) },
  expired: () => json({ code: 401, message: 'Token is expired' }, 401),
})
