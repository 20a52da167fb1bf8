import { describe, expect, test } from 'vitest'
import type { TokenSet } from '../../src/index.js'
import { cognito } from '../../src/servers.js'
import { refreshUrl as url, useBackend } from '../support/backend.js'
import { claimExchange, json, signInAt } from './support/claims.js'

const backend = useBackend()
const headersFor = (operation: string) => ({
  'content-type': 'application/x-amz-json-1.1',
  'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
})
const reply = (generation: number, more: object = {}) =>
  json({
    AuthenticationResult: {
      AccessToken: `access-${generation}`,
      ExpiresIn: 3600,
      IdToken: `id-${generation}`,
      TokenType: 'Bearer',
      ...more,
    },
    ChallengeParameters: {},
  })
const signIn = () => reply(1, { RefreshToken: 'refresh-1' })
const refusal = (exception: string, message = 'x', status = 400) =>
  json({ __type: exception, message }, status)

claimExchange('cognito', backend, {
  refresh: cognito({ url, clientId: 'spa' }),
  signIn,
  request: {
    headers: headersFor('InitiateAuth'),
    body: '{"AuthFlow":"REFRESH_TOKEN_AUTH","ClientId":"spa","AuthParameters":{"REFRESH_TOKEN":"refresh-1"}}',
  },
  renewal: () => reply(2),
  keeps: 'refresh-1',
  refusals: {
    'a token that has expired': () => refusal('NotAuthorizedException', 'Refresh Token has expired'),
    'a token that was revoked': () => refusal('NotAuthorizedException', 'Refresh Token has been revoked'),
    'a token that it does not know': () => refusal('NotAuthorizedException', 'Invalid Refresh Token'),
    'a user who is disabled': () => refusal('NotAuthorizedException', 'User is disabled.'),
    'a user who is gone': () =>
      refusal('com.amazonaws.cognito.identity.idp.model#UserNotFoundException', 'User does not exist.'),
  },
})

claimExchange('cognito with rotation', backend, {
  refresh: cognito({ url, clientId: 'spa', rotation: true }),
  signIn,
  request: {
    headers: headersFor('GetTokensFromRefreshToken'),
    body: '{"ClientId":"spa","RefreshToken":"refresh-1"}',
  },
  renewal: () => reply(2, { RefreshToken: 'refresh-2' }),
  refusals: { 'a token that was used before': () => refusal('RefreshTokenReuseException') },
})

test('cognito with idToken sends that with requests, and reads its life from it alone', async () => {
  const refresh = cognito({ url, clientId: 'spa', idToken: true })
  const { session } = await signInAt({ refresh, signIn }, backend)
  expect(await session.getAccessToken()).toBe('id-1')
  expect(session.state).toMatchObject({ expiresAt: null })
})

test.each([
  ['NotAuthorizedException', 'Client spa is configured with secret but SECRET_HASH was not received'],
  ['NotAuthorizedException', 'Unable to verify secret hash for client spa'],
  ['ResourceNotFoundException', 'User pool client spa does not exist.'],
  ['InvalidParameterException', 'USER_PASSWORD_AUTH flow not enabled for this client'],
])('cognito keeps the session where the set-up is wrong: %s, %s', async (exception, message) => {
  const { session } = await signInAt({ refresh: cognito({ url, clientId: 'spa' }), signIn }, backend)
  backend.renew = () => refusal(exception, message)
  await expect(session.refresh()).rejects.toMatchObject({ code: 'REFRESH_REFUSED' })
  expect(session.state.status).toBe('signed-in')
})

test.each([
  ['TooManyRequestsException', 400],
  ['ForbiddenException', 403],
])('cognito keeps the session, and asks again, after %s', (exception, status) => {
  const { classify } = cognito({ url, clientId: 'spa' })
  expect(classify?.({ status, header: () => null, body: { __type: exception } })).toBe('retry')
})

describe('the sign-out of cognito', () => {
  const calls = (tokens: TokenSet) => {
    const { signOut } = cognito({ url, clientId: 'spa', signOut: '/revoke' })
    return signOut?.(tokens)
  }

  test('revokes the refresh token', async () => {
    backend.answer = () => json({})
    await calls({ accessToken: 'access-1', refreshToken: 'refresh-1' })
    expect(backend.calls[0]?.text).toBe('{"ClientId":"spa","Token":"refresh-1"}')
    expect(backend.calls[0]?.headers.get('x-amz-target')).toBe(headersFor('RevokeToken')['x-amz-target'])
  })

  test('has nothing to say without one', async () => {
    await calls({ accessToken: 'access-1' })
    expect(backend.calls).toHaveLength(0)
  })
})
