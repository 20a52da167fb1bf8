import { bearerToken } from '../access-tokens.js'
import type { Protocol } from './protocol.js'

/** Both tokens in headers, and only once the access token has expired. */
export const headers: Protocol = {
  refreshPath: 'auth/refresh',
  signOutPath: 'auth/logout',
  isOnlyAfterExpiry: true,
  read({ headers }) {
    const accessToken = bearerToken(headers)
    const refreshToken = headers.get('Refresh')
    return accessToken && refreshToken ? { accessToken, refreshToken } : null
  },
  grant: ({ accessToken, refreshToken }) => Response.json({ accessToken, refreshToken }),
  refuse: () => Response.json({ message: 'Refresh token is unknown, spent or expired' }, { status: 401 }),
  malformed: () =>
    Response.json(
      { message: 'Send Authorization: Bearer <access token> and Refresh: <token>' },
      { status: 400 },
    ),
}
