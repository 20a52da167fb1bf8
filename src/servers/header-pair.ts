import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { type NamedServerOptions, readNamedOptions } from './server-options.js'

/**
 * Both tokens in headers, once the access token has expired. What a bare URL means, by name.
 *
 * ```http
 * POST /auth/refresh
 * Authorization: Bearer <expired access token>
 * Refresh: <refresh token>
 *
 * 200 {"ok":true,"data":{"accessToken":"…","refreshToken":"…"}}
 * 400 {"ok":false,"message":"Access token is not expired!"}    the access token is still good
 * 401 {"ok":false,"message":"No authorized!"}                  the session has ended
 * ```
 *
 * As many tutorials for Express and jsonwebtoken build it.
 */
export const headerPair = (options: NamedServerOptions): RefreshEndpoint => ({
  ...readNamedOptions('headerPair', options, { accessToken: 'Authorization', refreshToken: 'Refresh' }, {}),
  send: 'headers',
  timing: 'after-expiry',
})
