import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { jsonServer } from './json-server.js'
import type { NamedServerOptions } from './server-options.js'
import { withAccessToken } from './with-access-token.js'

/**
 * Strapi 5, with `jwtManagement: 'refresh'` in the configuration of its plugin users-permissions: without that it has no
 * refresh. Where its refresh token is in a cookie (`sessions.httpOnly`), use `cookie`.
 *
 * ```http
 * POST /api/auth/refresh
 * {"refreshToken":"…"}
 *
 * 200 {"jwt":"…","refreshToken":"…"}
 * 401 {"data":null,"error":{"status":401,"name":"UnauthorizedError","message":"Invalid refresh token"}}
 * ```
 *
 * From the plugin's source. A `signOut` gets the access token too, because `/api/auth/logout` asks for it.
 */
export const strapi = (options: NamedServerOptions): RefreshEndpoint =>
  jsonServer('strapi', options, { accessToken: 'jwt', refreshToken: 'refreshToken' }, {}, withAccessToken)
