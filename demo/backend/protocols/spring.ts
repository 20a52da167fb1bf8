import { bearerToken } from '../access-tokens.js'
import type { Protocol } from './protocol.js'

/**
 * The filter of many Spring back ends: the new tokens come in headers, an unknown refresh token is a 200 without
 * any, and a call whose token is not good is forbidden, as if nobody were there.
 */
export const spring: Protocol = {
  refreshPath: 'auth/reissue',
  signOutPath: 'auth/logout',
  read({ headers }) {
    const refreshToken = bearerToken(headers, 'Authorization-refresh')
    return refreshToken ? { refreshToken } : null
  },
  grant: ({ accessToken, refreshToken }) =>
    new Response('', {
      headers: { Authorization: `Bearer ${accessToken}`, 'Authorization-refresh': `Bearer ${refreshToken}` },
    }),
  refuse: () => new Response('', { status: 200 }),
  refuseCall: () => new Response(null, { status: 403 }),
  malformed: () => Response.json({ message: 'Send Authorization-refresh: Bearer <token>' }, { status: 400 }),
}
