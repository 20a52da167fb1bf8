// @vitest-environment node
import { HttpResponse } from 'msw'
import { expect, test } from 'vitest'
import {
  bearerRefresh,
  flaskJwtExtended,
  headerPair,
  nestBearer,
  railsJwtSessions,
  springAuthorizationRefresh,
  xRefreshToken,
} from '../../src/servers.js'
import { refreshUrl as url, useBackend } from '../support/backend.js'
import { settled } from '../support/settled.js'
import { claimExchange, json, signInAt } from './support/claims.js'

const backend = useBackend()
const pair = (generation: number) => ({
  accessToken: `access-${generation}`,
  refreshToken: `refresh-${generation}`,
})

claimExchange('headerPair', backend, {
  refresh: headerPair({ url }),
  signIn: () => json({ ok: true, data: pair(1) }),
  request: { headers: { authorization: 'Bearer access-1', refresh: 'refresh-1' } },
  renewal: () => json({ ok: true, data: pair(2) }),
  refusals: { 'a 401': () => json({ ok: false, message: 'No authorized!' }, 401) },
  expired: () => json({ ok: false, message: 'jwt expired' }, 401),
})

test('headerPair is not due while the server says that the access token has not expired', async () => {
  const refresh = headerPair({ url })
  expect(refresh.timing).toBe('after-expiry')
  const { session, events } = await signInAt({ refresh, signIn: () => json({ data: pair(1) }) }, backend)
  backend.renew = () => json({ ok: false, message: 'Acess token is not expired!' }, 400)
  expect(await session.refresh()).toBe('access-1')
  expect(events).toContainEqual(expect.objectContaining({ type: 'warning', code: 'REFRESH_NOT_DUE' }))
})

test('headerPair without a refresh token asks for nothing', async () => {
  const signIn = () => json({ accessToken: 'access-1' })
  const { session } = await signInAt({ refresh: headerPair({ url }), signIn }, backend)
  await expect(session.refresh()).rejects.toThrow('The session has no refresh token')
  expect(backend.refreshes).toHaveLength(0)
})

claimExchange('headerPair with names and headers', backend, {
  refresh: headerPair({
    url,
    names: { accessToken: 'X-Access', refreshToken: 'authorization' },
    headers: { 'X-App': 'spa', AUTHORIZATION: 'evil' },
  }),
  signIn: () => json(pair(1)),
  request: { headers: { 'x-access': 'access-1', authorization: 'Bearer refresh-1', 'x-app': 'spa' } },
  renewal: () =>
    new HttpResponse(null, { headers: { 'X-Access': 'access-2', Authorization: 'Bearer refresh-2' } }),
  refusals: { 'a 401': () => json({}, 401) },
})

claimExchange('headerPair by other names', backend, {
  refresh: headerPair({ url, names: { refreshToken: 'X-Renewal' } }),
  signIn: () => json(pair(1)),
  request: { headers: { authorization: 'Bearer access-1', 'x-renewal': 'refresh-1' } },
  renewal: () =>
    new HttpResponse(null, { headers: { Authorization: 'Bearer access-2', 'X-Renewal': 'refresh-2' } }),
  refusals: { 'a 403 with JSON': () => json({ ok: false }, 403) },
})

const filterReply = (generation: number, word = '') =>
  new HttpResponse(null, {
    headers: {
      Authorization: `${word}access-${generation}`,
      'Authorization-refresh': `${word}refresh-${generation}`,
    },
  })

claimExchange('springAuthorizationRefresh', backend, {
  refresh: springAuthorizationRefresh({ url }),
  signIn: () => filterReply(1),
  request: { headers: { 'authorization-refresh': 'Bearer refresh-1' } },
  renewal: () => filterReply(2),
  refusals: { 'a 200 without headers': () => new HttpResponse(null), 'a 401': () => json({}, 401) },
  expired: () => new HttpResponse(null, { status: 403 }),
})

test('springAuthorizationRefresh without a refresh token asks for nothing', async () => {
  const signIn = () => new HttpResponse(null, { headers: { Authorization: 'access-1' } })
  const { session } = await signInAt({ refresh: springAuthorizationRefresh({ url }), signIn }, backend)
  await expect(session.refresh()).rejects.toThrow('The session has no refresh token')
  expect(session.state).toMatchObject({ status: 'signed-in' })
  expect(backend.refreshes).toHaveLength(0)
})

claimExchange('springAuthorizationRefresh with the word Bearer, and a 401 for expired', backend, {
  refresh: springAuthorizationRefresh({ url }),
  signIn: () => filterReply(1, 'Bearer '),
  request: { headers: { 'authorization-refresh': 'Bearer refresh-1' } },
  renewal: () => filterReply(2, 'Bearer '),
  refusals: {},
})

test('springAuthorizationRefresh with tokensOnAnyReply takes tokens from a reply of the API', async () => {
  const refresh = springAuthorizationRefresh({ url, tokensOnAnyReply: true })
  const { session, api } = await signInAt({ refresh, signIn: () => filterReply(1) }, backend)
  backend.answer = () => filterReply(2)
  await api.get('/me')
  await expect.poll(() => session.getAccessToken()).toBe('access-2')
  expect(backend.refreshes).toHaveLength(0)
})

test('springAuthorizationRefresh takes no tokens from a reply of the API unless told to', async () => {
  const refresh = springAuthorizationRefresh({ url })
  const { session, api } = await signInAt({ refresh, signIn: () => filterReply(1) }, backend)
  backend.answer = () => filterReply(2)
  await api.get('/me')
  await settled()
  expect(await session.getAccessToken()).toBe('access-1')
})

claimExchange('xRefreshToken, tokens in the body', backend, {
  refresh: xRefreshToken({ url }),
  signIn: () => json({ success: true, data: pair(1) }),
  request: { headers: { 'x-refresh-token': 'refresh-1' } },
  renewal: () => json({ success: true, data: pair(2) }),
  refusals: { 'a 401': () => json({ success: false }, 401) },
})

const xHeaders = (generation: number) =>
  new HttpResponse(null, {
    headers: { 'X-Access-Token': `access-${generation}`, 'X-Refresh-Token': `refresh-${generation}` },
  })

claimExchange('xRefreshToken by GET, tokens in headers', backend, {
  refresh: xRefreshToken({ url, method: 'GET' }),
  signIn: () => xHeaders(1),
  request: { method: 'GET', headers: { 'x-refresh-token': 'refresh-1' } },
  renewal: () => xHeaders(2),
  refusals: { 'a 401': () => json({}, 401) },
})

claimExchange('bearerRefresh', backend, {
  refresh: bearerRefresh({ url }),
  signIn: () => json(pair(1)),
  request: { headers: { authorization: 'Bearer refresh-1' } },
  renewal: () => json({ data: { access_token: 'access-2', refresh_token: 'refresh-2' } }),
  refusals: { 'a 401': () => json({ message: 'Unauthorized' }, 401) },
})

claimExchange('bearerRefresh with names', backend, {
  refresh: bearerRefresh({ url, names: { accessToken: 'result.jwt', refreshToken: 'result.ticket' } }),
  signIn: () => json({ result: { jwt: 'access-1', ticket: 'refresh-1' } }),
  request: { headers: { authorization: 'Bearer refresh-1' } },
  renewal: () => json({ result: { jwt: 'access-2' } }),
  keeps: 'refresh-1',
  refusals: {},
})

test('bearerRefresh without a refresh token asks for nothing', async () => {
  const signIn = () => json({ accessToken: 'access-1' })
  const { session } = await signInAt({ refresh: bearerRefresh({ url }), signIn }, backend)
  await expect(session.refresh()).rejects.toThrow('The session has no refresh token')
  expect(backend.refreshes).toHaveLength(0)
})

claimExchange('nestBearer', backend, {
  refresh: nestBearer({ url }),
  signIn: () =>
    json({ token: 'access-1', refreshToken: 'refresh-1', tokenExpires: 1767225600000, user: { id: 1 } }),
  request: { headers: { authorization: 'Bearer refresh-1' } },
  renewal: () => json({ token: 'access-2', refreshToken: 'refresh-2', tokenExpires: 1767225600000 }),
  refusals: { 'a 401': () => json({ message: 'Unauthorized', statusCode: 401 }, 401) },
  expired: () => json({ message: 'Unauthorized', statusCode: 401 }, 401),
})

claimExchange('flaskJwtExtended', backend, {
  refresh: flaskJwtExtended({ url }),
  signIn: () => json({ access_token: 'access-1', refresh_token: 'refresh-1' }),
  request: { headers: { authorization: 'Bearer refresh-1' } },
  renewal: () => json({ access_token: 'access-2' }),
  keeps: 'refresh-1',
  refusals: {
    'an expired token': () => json({ msg: 'Token has expired' }, 401),
    'a token of another key': () => json({ msg: 'Signature verification failed' }, 422),
  },
  expired: () => json({ msg: 'Token has expired' }, 401),
})

claimExchange('railsJwtSessions', backend, {
  refresh: railsJwtSessions({ url }),
  signIn: () =>
    json({
      csrf: 'c',
      access: 'access-1',
      access_expires_at: '2030-01-01',
      refresh: 'refresh-1',
      refresh_expires_at: '2030-02-01',
    }),
  request: { headers: { 'x-refresh-token': 'refresh-1' } },
  renewal: () => json({ csrf: 'c', access: 'access-2', access_expires_at: '2030-01-01' }),
  keeps: 'refresh-1',
  refusals: { 'a 401': () => json({ error: 'Not authorized' }, 401) },
})

test('railsJwtSessions never asks before the expiry, which the server takes for theft', () => {
  expect(railsJwtSessions({ url }).timing).toBe('after-expiry')
})
