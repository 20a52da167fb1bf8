import { fieldOf } from '../core/own-fields.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { jsonServer } from './json-server.js'
import type { NamedServerOptions } from './server-options.js'
import { withAccessToken } from './with-access-token.js'

/**
 * Gin with appleboy/gin-jwt version 3: a refresh token of its own, in the shape of OAuth 2.0.
 *
 * ```http
 * POST /refresh
 * {"refresh_token":"…"}
 *
 * 200 {"access_token":"…","token_type":"Bearer","expires_in":3600,"refresh_token":"…"}
 * 401 {"code":401,"message":"invalid or expired refresh token"}    the session has ended
 * 401 {"code":401,"message":"cookie token is empty"}               a wrong path, behind the guard of the API: it has not
 * ```
 *
 * From its `auth_jwt.go`. A `signOut` gets the access token too, because its handler lies behind the guard.
 */
export const ginJwtV3 = (options: NamedServerOptions): RefreshEndpoint => ({
  ...jsonServer(
    'ginJwtV3',
    options,
    { accessToken: 'access_token', refreshToken: 'refresh_token' },
    { expiresIn: 'expires_in' },
    withAccessToken,
  ),
  classify: ({ status, body }) =>
    status === 401 && / is empty$/.test(String(fieldOf(body, 'message'))) ? 'misconfigured' : undefined,
})
