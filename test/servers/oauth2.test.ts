import { describe, expect, test } from 'vitest'
import { oauth2, type SignOutEndpoint } from '../../src/servers.js'
import { refreshUrl as url, useBackend } from '../support/backend.js'
import { claimExchange, json, signInAt } from './support/claims.js'

const backend = useBackend()
const headers = { 'content-type': 'application/x-www-form-urlencoded' }
const reply = (generation: number, type: string | undefined = 'Bearer') =>
  json({
    access_token: `access-${generation}`,
    token_type: type,
    expires_in: 300,
    refresh_token: `refresh-${generation}`,
  })

claimExchange('oauth2', backend, {
  refresh: oauth2({ url, clientId: 'spa', fields: { scope: 'a b' } }),
  signIn: () => reply(1),
  request: {
    headers,
    body: 'scope=a+b&grant_type=refresh_token&client_id=spa&refresh_token=refresh-1',
  },
  renewal: () => reply(2, 'bearer'),
  refusals: {
    'invalid_grant with a 400': () => json({ error: 'invalid_grant' }, 400),
    'invalid_grant with a 403': () => json({ error: 'invalid_grant', error_description: 'Unknown' }, 403),
    'what older versions of Laravel Passport say': () =>
      json({ error: 'invalid_request', hint: 'Token has been revoked' }, 401),
  },
  expired: () => json({}, 401, { 'WWW-Authenticate': 'Bearer error="invalid_token"' }),
})

test('a refresh token stays where the reply brings none (RFC 6749 section 6)', async () => {
  const { session } = await signInAt(
    { refresh: oauth2({ url, clientId: 'spa' }), signIn: () => reply(1) },
    backend,
  )
  backend.renew = () => json({ access_token: 'access-2', token_type: 'Bearer' })
  await session.refresh()
  await session.refresh()
  expect(backend.refreshes[1]?.text).toContain('refresh_token=refresh-1')
})

test.each([{ error: 'invalid_client' }, { error: 'unsupported_grant_type' }, { error: 'invalid_request' }])(
  '%j keeps the session, for the set-up is wrong',
  async (body) => {
    const { session } = await signInAt(
      { refresh: oauth2({ url, clientId: 'spa' }), signIn: () => reply(1) },
      backend,
    )
    backend.renew = () => json(body, 401)
    const { error } = body
    await expect(session.refresh()).rejects.toMatchObject({ code: 'REFRESH_REFUSED', oauthError: error })
    expect(session.state).toMatchObject({ status: 'signed-in' })
  },
)

describe('the token type', () => {
  test.each([
    ['Bearer', 'mac'],
    ['Bearer', 'DPoP'],
    ['Bearer', ''],
    ['DPoP', 'Bearer'],
  ] as const)('where %s is meant, %j is refused, and the session is kept', async (meant, type) => {
    const refresh = oauth2({ url, clientId: 'spa', dpop: meant === 'DPoP' })
    const { session } = await signInAt({ refresh, signIn: () => reply(1, meant) }, backend)
    backend.renew = () => reply(2, type)
    await expect(session.refresh()).rejects.toMatchObject({
      code: 'REFRESH_REFUSED',
      status: 200,
      message: expect.stringMatching(
        `^The reply does not have the expected token_type: ${meant}, status 200, .* fields: access_token, `,
      ),
    })
    expect(await session.getAccessToken()).toBe('access-1')
  })

  test('is looked at in the sign-in reply too', async () => {
    const signIn = () => reply(1, 'mac')
    await expect(
      signInAt({ refresh: oauth2({ url, clientId: 'spa' }), signIn }, backend),
    ).rejects.toMatchObject({
      code: 'INVALID_TOKENS',
      message: expect.stringContaining(
        'The reply contains no tokens: The reply does not have the expected token_type: Bearer',
      ),
    })
  })
})

test('without a refresh token there is no refresh to send', async () => {
  const refresh = oauth2({ url, clientId: 'spa' })
  expect(refresh.send({ accessToken: 'access-1' })).toBeNull()
  const signIn = () => json({ access_token: 'access-1', token_type: 'Bearer' })
  const { session } = await signInAt({ refresh, signIn }, backend)
  await expect(session.refresh()).rejects.toMatchObject({
    code: 'REFRESH_REFUSED',
    message: expect.stringMatching(/^The session has no refresh token\. Pass it to setTokens\. See /),
  })
  expect(backend.refreshes).toHaveLength(0)
  expect(session.state).toMatchObject({ status: 'signed-in' })
})

describe('signOut', () => {
  async function revoked(
    signIn: () => Response,
    signOut: string | SignOutEndpoint = '/revoke',
  ): Promise<string | undefined> {
    const refresh = oauth2({ url, clientId: 'spa', signOut })
    const { session } = await signInAt({ refresh, signIn }, backend)
    await session.signOut()
    await expect.poll(() => backend.calls.at(-1)?.url.pathname).toBe('/revoke')
    expect(backend.calls.at(-1)?.method).toBe('POST')
    expect(backend.calls.at(-1)?.headers.get('content-type')).toBe(headers['content-type'])
    return backend.calls.at(-1)?.text
  }

  test('revokes the refresh token by RFC 7009', async () => {
    expect(await revoked(() => reply(1))).toBe('token=refresh-1&token_type_hint=refresh_token&client_id=spa')
  })

  test('revokes by an endpoint object too, unless that has a send of its own', async () => {
    const body = 'token=refresh-1&token_type_hint=refresh_token&client_id=spa'
    expect(await revoked(() => reply(1), { url: '/revoke' })).toBe(body)
    const send = () => ({ headers, body: 'all=1' })
    expect(await revoked(() => reply(1), { url: '/revoke', send })).toBe('all=1')
  })

  test('revokes the access token where there is no other', async () => {
    const signIn = () => json({ access_token: 'access-1', token_type: 'Bearer' })
    expect(await revoked(signIn)).toBe('token=access-1&token_type_hint=access_token&client_id=spa')
  })
})
