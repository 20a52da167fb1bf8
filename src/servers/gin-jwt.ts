import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { sendInHeaders } from './send-tokens.js'
import { endpointOf, type NamedServerOptions, readNamedOptions } from './server-options.js'
import { tokensAt } from './tokens-at.js'

/**
 * Gin with appleboy/gin-jwt version 2: one token, renewed while it is younger than `MaxRefresh`, expired or not.
 *
 * ```http
 * GET /auth/refresh_token
 * Authorization: Bearer <access token>
 *
 * 200 {"code":200,"token":"…","expire":"2030-01-01T00:00:00Z"}
 * 401 {"code":401,"message":"token is expired"}
 * ```
 *
 * From its `auth_jwt.go`. `expire` is by the server's clock, so the lifetime is read from the JWT instead.
 */
export function ginJwt(options: NamedServerOptions): RefreshEndpoint {
  const defaults = { accessToken: 'token', refreshToken: '' }
  const { names, ...rest } = readNamedOptions('ginJwt', options, defaults, {})
  return endpointOf('ginJwt', {
    ...rest,
    // No refresh token: the access token asks for its own successor.
    send: sendInHeaders({ accessToken: 'Authorization' }),
    method: 'GET',
    timing: 'any',
    parse: tokensAt({ accessToken: names.accessToken }),
  })
}
