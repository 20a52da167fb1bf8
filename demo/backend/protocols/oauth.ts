import { clientId } from './client-id.js'
import type { Protocol } from './protocol.js'

/** OAuth 2.0, RFC 6749 section 6, and RFC 7009 for the sign-out. */
export const oauth: Protocol = {
  refreshPath: 'oauth/token',
  signOutPath: 'oauth/revoke',
  read({ body }) {
    const form = new URLSearchParams(body)
    const refreshToken = form.get('refresh_token')
    const isOurs = form.get('grant_type') === 'refresh_token' && form.get('client_id') === clientId
    return isOurs && refreshToken ? { refreshToken } : null
  },
  readSignOut({ body }) {
    const refreshToken = new URLSearchParams(body).get('token')
    return refreshToken ? { refreshToken } : null
  },
  grant: ({ accessToken, refreshToken, expiresInS }) =>
    Response.json({
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: expiresInS,
      refresh_token: refreshToken,
    }),
  refuse: () =>
    Response.json(
      { error: 'invalid_grant', error_description: 'The refresh token is invalid' },
      { status: 400 },
    ),
  malformed: () => Response.json({ error: 'invalid_request' }, { status: 400 }),
}
