// @vitest-environment node
import { expect, test } from 'vitest'
import { firebase } from '../../src/servers.js'
import { refreshUrl, useBackend } from '../support/backend.js'
import { claimExchange, json, signInAt } from './support/claims.js'

const backend = useBackend()
const url = `${refreshUrl}?key=public-key`
const signIn = () =>
  json({ idToken: 'access-1', email: 'ada@example.com', refreshToken: 'refresh-1', expiresIn: '3600' })
const refusal = (message: string, code = 400) => json({ error: { code, message } }, code)

claimExchange('firebase', backend, {
  refresh: firebase({ url }),
  signIn,
  request: {
    path: url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=refresh_token&refresh_token=refresh-1',
  },
  renewal: () =>
    json({
      access_token: 'not the one',
      expires_in: '3600',
      token_type: 'Bearer',
      refresh_token: 'refresh-2',
      id_token: 'access-2',
      user_id: 'ada',
      project_id: '1',
    }),
  refusals: Object.fromEntries(
    [
      'TOKEN_EXPIRED',
      'USER_DISABLED',
      'USER_NOT_FOUND',
      'INVALID_REFRESH_TOKEN',
      'USER_DISABLED : Disabled.',
    ].map((message) => [message, () => refusal(message)]),
  ),
})

test.each([
  ['INVALID_GRANT_TYPE', 400],
  ['API key not valid. Please pass a valid API key.', 400],
  ['Requests from referer https://app.example.com are blocked.', 403],
])('firebase keeps the session where the set-up is wrong: %s', async (message, status) => {
  const { session } = await signInAt({ refresh: firebase({ url }), signIn }, backend)
  backend.renew = () => refusal(message, status)
  await expect(session.refresh()).rejects.toMatchObject({ code: 'REFRESH_REFUSED' })
  expect(session.state.status).toBe('signed-in')
})

test('firebase without a refresh token asks for nothing', async () => {
  const refresh = firebase({ url })
  const { session } = await signInAt({ refresh, signIn: () => json({ idToken: 'access-1' }) }, backend)
  await expect(session.refresh()).rejects.toThrow('The session has no refresh token')
  expect(backend.refreshes).toHaveLength(0)
})
