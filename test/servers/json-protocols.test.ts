// @vitest-environment node
import { HttpResponse } from 'msw'
import { expect, test } from 'vitest'
import {
  aspnetIdentity,
  aspnetPair,
  directus,
  fastapi,
  jsonPair,
  jsonRefresh,
  simpleJwt,
  springReissue,
  supabase,
  tokensAt,
} from '../../src/servers.js'
import { refreshUrl as url, useBackend } from '../support/backend.js'
import { claimExchange, json, signInAt } from './support/claims.js'

const backend = useBackend()
const pair = (generation: number) => ({
  accessToken: `access-${generation}`,
  refreshToken: `refresh-${generation}`,
})
const snakePair = (generation: number) => ({
  access_token: `access-${generation}`,
  refresh_token: `refresh-${generation}`,
})
const headers = { 'content-type': 'application/json' }
const notValid = (detail: string) => () => json({ detail, code: 'token_not_valid' }, 401)

claimExchange('jsonRefresh', backend, {
  refresh: jsonRefresh({ url }),
  signIn: () => json(pair(1)),
  request: { headers, body: '{"refreshToken":"refresh-1"}' },
  renewal: () => json({ data: snakePair(2) }),
  refusals: { 'a 401': () => json({ message: 'Unauthorized' }, 401) },
})

claimExchange('jsonRefresh with names, fields and headers', backend, {
  refresh: jsonRefresh({
    url,
    names: { accessToken: 'jwt', refreshToken: 'ticket' },
    fields: { app: 'spa' },
    headers: { 'X-App': 'spa', 'content-type': 'application/vnd.api+json' },
  }),
  signIn: () => json({ jwt: 'access-1', ticket: 'refresh-1' }),
  request: {
    headers: { 'content-type': 'application/vnd.api+json', 'x-app': 'spa' },
    body: '{"app":"spa","ticket":"refresh-1"}',
  },
  renewal: () => json({ jwt: 'access-2', ticket: 'refresh-2' }),
  refusals: {},
})

claimExchange('jsonRefresh with names in nested objects', backend, {
  refresh: jsonRefresh({ url, names: { accessToken: 'result.jwt', refreshToken: 'result.ticket' } }),
  signIn: () => json({ result: { jwt: 'access-1', ticket: 'refresh-1' } }),
  request: { headers, body: '{"ticket":"refresh-1"}' },
  renewal: () => json({ result: { jwt: 'access-2', ticket: 'refresh-2' } }),
  refusals: {},
})

claimExchange('jsonPair', backend, {
  refresh: jsonPair({ url }),
  signIn: () => json({ ok: true, data: pair(1) }),
  request: { headers, body: '{"accessToken":"access-1","refreshToken":"refresh-1"}' },
  renewal: () => json(pair(2)),
  refusals: { 'a 401': () => new HttpResponse(null, { status: 401 }) },
})

claimExchange('jsonPair with names, fields and headers', backend, {
  refresh: jsonPair({
    url,
    names: { accessToken: 'access_token', refreshToken: 'refresh_token' },
    fields: { device: 'web' },
    headers: { 'X-App': 'spa' },
  }),
  signIn: () => json(snakePair(1)),
  request: {
    headers: { ...headers, 'x-app': 'spa' },
    body: '{"device":"web","access_token":"access-1","refresh_token":"refresh-1"}',
  },
  renewal: () => json(snakePair(2)),
  refusals: {},
})

test.each([jsonRefresh, jsonPair])('%o without a refresh token asks for nothing', async (protocol) => {
  const signIn = () => json({ accessToken: 'access-1' })
  const { session } = await signInAt({ refresh: protocol({ url }), signIn }, backend)
  await expect(session.refresh()).rejects.toThrow('The session has no refresh token')
  expect(backend.refreshes).toHaveLength(0)
})

claimExchange('simpleJwt', backend, {
  refresh: simpleJwt({ url }),
  signIn: () => json({ access: 'access-1', refresh: 'refresh-1' }),
  request: { headers, body: '{"refresh":"refresh-1"}' },
  renewal: () => json({ access: 'access-2' }),
  keeps: 'refresh-1',
  refusals: { 'a 401': notValid('Token is invalid or expired') },
  expired: notValid('Given token not valid for any token type'),
})

claimExchange('simpleJwt with rotation and other names', backend, {
  refresh: simpleJwt({ url, names: { accessToken: 'jwt', refreshToken: 'renewal' } }),
  signIn: () => json({ jwt: 'access-1', renewal: 'refresh-1' }),
  request: { headers, body: '{"renewal":"refresh-1"}' },
  renewal: () => json({ jwt: 'access-2', renewal: 'refresh-2' }),
  refusals: {},
})

claimExchange('springReissue', backend, {
  refresh: springReissue({ url, endedCodes: ['INVALID_REFRESH_TOKEN', 40102], expiredCodes: ['40101'] }),
  signIn: () => json({ status: 200, message: 'OK', data: pair(1) }),
  request: { headers, body: '{"accessToken":"access-1","refreshToken":"refresh-1"}' },
  renewal: () => json({ status: 200, message: 'OK', data: pair(2) }),
  refusals: {
    'a 401': () => json({ code: 'EXPIRED_REFRESH_TOKEN' }, 401),
    'an error code with a 400': () => json({ errorCode: 'INVALID_REFRESH_TOKEN' }, 400),
    'an error code with a 200': () => json({ isSuccess: false, code: '40102' }),
  },
  expired: () => json({ code: 40101, message: 'expired' }, 403),
})

test.each(['data', 'result', 'response'])('springReissue finds tokens in the wrapper %s', async (wrapper) => {
  const refresh = springReissue({ url })
  const signIn = () => json({ [wrapper]: pair(1) })
  const { session } = await signInAt({ refresh, signIn }, backend)
  expect(await session.getAccessToken()).toBe('access-1')
})

test('springReissue takes no 403 for an expiry, unless its code says so', async () => {
  const refresh = springReissue({ url, expiredCodes: ['40101'] })
  const { api } = await signInAt({ refresh, signIn: () => json(pair(1)) }, backend)
  backend.answer = () => json({ code: 40300 }, 403)
  await expect(api.get('/me')).rejects.toMatchObject({ response: { status: 403 } })
  expect(backend.refreshes).toHaveLength(0)
})

claimExchange('aspnetPair', backend, {
  refresh: aspnetPair({ url }),
  signIn: () => json(pair(1)),
  request: { headers, body: '{"accessToken":"access-1","refreshToken":"refresh-1"}' },
  renewal: () => json(pair(2)),
  refusals: {
    'a 400 with a text': () => HttpResponse.text('Invalid client request', { status: 400 }),
    'a 401': () => new HttpResponse(null, { status: 401 }),
  },
  expired: () =>
    new HttpResponse(null, {
      status: 401,
      headers: { 'WWW-Authenticate': 'Bearer error="invalid_token", error_description="The token expired"' },
    }),
})

test.each([
  { title: 'One or more validation errors occurred.', errors: {} },
  { AccessToken: ['The AccessToken field is required.'] },
])('aspnetPair does not end a session because the model was not valid: %j', async (body) => {
  const { session } = await signInAt({ refresh: aspnetPair({ url }), signIn: () => json(pair(1)) }, backend)
  backend.renew = () => json(body, 400)
  await expect(session.refresh()).rejects.toMatchObject({ code: 'REFRESH_REFUSED' })
  expect(session.state).toMatchObject({ status: 'signed-in' })
})

/** What the server calls its tokens in replies. */
const otherPair = (generation: number) =>
  json({ token: `access-${generation}`, refreshToken: `refresh-${generation}` })

claimExchange('aspnetPair with other names in the reply', backend, {
  refresh: aspnetPair({ url, replyNames: { accessToken: 'token' } }),
  signIn: () => otherPair(1),
  request: { headers, body: '{"accessToken":"access-1","refreshToken":"refresh-1"}' },
  renewal: () => otherPair(2),
  refusals: {},
})

test.each([
  ['jsonRefresh', jsonRefresh, '{"ticket":"refresh-1"}'],
  ['jsonPair', jsonPair, '{"accessToken":"access-1","ticket":"refresh-1"}'],
])('%s with other names in the reply renames nothing in the request', async (_, protocol, body) => {
  const names = { refreshToken: 'ticket' }
  const refresh = protocol({ url, names, replyNames: { accessToken: 'token', refreshToken: 'refreshToken' } })
  const { session } = await signInAt({ refresh, signIn: () => otherPair(1) }, backend)
  backend.renew = () => otherPair(2)
  expect(await session.refresh()).toBe('access-2')
  expect(backend.refreshes[0]?.text).toBe(body)
})

const identityReply = (generation: number) => ({ tokenType: 'Bearer', expiresIn: 3600, ...pair(generation) })

claimExchange('aspnetIdentity', backend, {
  refresh: aspnetIdentity({ url }),
  signIn: () => json(identityReply(1)),
  request: { headers, body: '{"refreshToken":"refresh-1"}' },
  renewal: () => json(identityReply(2)),
  refusals: { 'a 401': () => new HttpResponse(null, { status: 401 }) },
})

claimExchange('fastapi', backend, {
  refresh: fastapi({ url }),
  signIn: () => json({ ...snakePair(1), token_type: 'bearer' }),
  request: { headers, body: '{"refresh_token":"refresh-1"}' },
  renewal: () => json({ ...snakePair(2), token_type: 'bearer' }),
  refusals: { 'a 401': () => json({ detail: 'Could not validate credentials' }, 401) },
  expired: () => json({ detail: 'Token has expired' }, 401),
})

const directusReply = (generation: number) => json({ data: { ...snakePair(generation), expires: 900_000 } })

claimExchange('directus', backend, {
  refresh: directus({ url }),
  signIn: () => directusReply(1),
  request: { headers, body: '{"mode":"json","refresh_token":"refresh-1"}' },
  renewal: () => directusReply(2),
  refusals: {
    'a 401': () =>
      json({ errors: [{ message: 'Invalid', extensions: { code: 'INVALID_CREDENTIALS' } }] }, 401),
  },
  expired: () =>
    json({ errors: [{ message: 'Token expired.', extensions: { code: 'TOKEN_EXPIRED' } }] }, 401),
})

test.each([
  ['directus counts in milliseconds', directus({ url }), () => directusReply(1), 900_000],
  ['aspnetIdentity counts in seconds', aspnetIdentity({ url }), () => json(identityReply(1)), 3_600_000],
  [
    'jsonRefresh may count in seconds',
    jsonRefresh({ url }),
    () => json({ ...pair(1), expiresIn: 60 }),
    60_000,
  ],
  ['fastapi may count in seconds', fastapi({ url }), () => json({ ...snakePair(1), expires_in: 60 }), 60_000],
])('%s', async (_, refresh, signIn, lifetimeMs) => {
  const before = Date.now()
  const { session } = await signInAt({ refresh, signIn }, backend)
  const { expiresAt } = session.state as { expiresAt: number }
  expect(expiresAt).toBeGreaterThanOrEqual(before + lifetimeMs)
  expect(expiresAt).toBeLessThanOrEqual(Date.now() + lifetimeMs)
})

const gotrue = (generation: number) => ({
  ...snakePair(generation),
  token_type: 'bearer',
  expires_in: 3600,
  user: { id: '1' },
})
const gotrueUrl = `${url}?grant_type=refresh_token`

claimExchange('supabase', backend, {
  refresh: supabase({ url: gotrueUrl, apiKey: 'public-key' }),
  signIn: () => json(gotrue(1)),
  request: {
    path: gotrueUrl,
    headers: { ...headers, apikey: 'public-key' },
    body: '{"refresh_token":"refresh-1"}',
  },
  renewal: () => json(gotrue(2)),
  refusals: {
    'an unknown token': () =>
      json({ code: 400, error_code: 'refresh_token_not_found', msg: 'Invalid Refresh Token' }, 400),
    'a token that it cannot read': () =>
      json({ code: 400, error_code: 'validation_failed', msg: 'Refresh token is not valid' }, 400),
    'a code of newer versions': () => json({ code: 'session_expired', message: 'Session expired' }, 400),
    'a token that newer versions cannot read': () =>
      json({ code: 'validation_failed', message: 'Refresh token is not valid' }, 400),
  },
  expired: () => json({ code: 'PGRST301', message: 'JWT expired' }, 401),
})

test('supabase keeps the session where the request was not valid', async () => {
  const { session } = await signInAt(
    { refresh: supabase({ url: gotrueUrl }), signIn: () => json(gotrue(1)) },
    backend,
  )
  backend.renew = () => json({ code: 400, error_code: 'validation_failed', msg: 'Could not parse' }, 400)
  await expect(session.refresh()).rejects.toMatchObject({ code: 'REFRESH_REFUSED' })
  expect(session.state.status).toBe('signed-in')
})

test('supabase without a refresh token asks for nothing', async () => {
  const signIn = () => json({ access_token: 'access-1', token_type: 'bearer' })
  const { session } = await signInAt({ refresh: supabase({ url: gotrueUrl }), signIn }, backend)
  await expect(session.refresh()).rejects.toThrow('The session has no refresh token')
  expect(backend.refreshes).toHaveLength(0)
})

const renewed = (generation: number) =>
  json({ result: { jwt: `access-${generation}`, renewal: `refresh-${generation}`, life: 60_000 } })

claimExchange('an endpoint in its own words', backend, {
  refresh: {
    url,
    send: ({ refreshToken }) =>
      refreshToken === undefined
        ? null
        : {
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({ renewal: refreshToken }),
          },
    parse: tokensAt({
      accessToken: 'result.jwt',
      refreshToken: 'result.renewal',
      expiresInMs: 'result.life',
    }),
    classify: ({ status }) => (status === 410 ? 'ended' : undefined),
  },
  signIn: () => renewed(1),
  request: { headers, body: '{"renewal":"refresh-1"}' },
  renewal: () => renewed(2),
  refusals: { 'a 410': () => new HttpResponse(null, { status: 410 }), 'a 401': () => json({}, 401) },
})
