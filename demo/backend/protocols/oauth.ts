import type { Protocol } from './protocol.js'

export const clientId = 'demo-page'

/** OAuth 2.0, RFC 6749 section 6. */
export const oauth: Protocol = {
  refreshPath: 'oauth/token',
  read({ body }) {
    const form = new URLSearchParams(body)
    const refreshToken = form.get('refresh_token')
    const isOurs = form.get('grant_type') === 'refresh_token' && form.get('client_id') === clientId
    return isOurs && refreshToken ? { refreshToken } : null
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
