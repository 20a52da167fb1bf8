import { ownFields } from '../core/own-fields.js'
import { isDevelopment } from '../development/is-development.js'
import { checkServerOptions, fieldNamesRule } from '../development/server-options.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { sendInHeaders } from './send-tokens.js'
import { serverEndpoint } from './server-endpoint.js'
import type { OneTokenServerOptions } from './server-options.js'
import { tokensAt } from './tokens-at.js'

const defaults = { accessToken: 'token' }

/**
 * Gin with appleboy/gin-jwt version 2: one token, which refreshes itself while it is younger than `MaxRefresh`, expired or
 * not.
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
export function ginJwt(options: OneTokenServerOptions): RefreshEndpoint {
  if (isDevelopment) checkServerOptions('ginJwt', options, { names: fieldNamesRule(defaults) })
  return serverEndpoint('ginJwt', options, {
    send: sendInHeaders({ accessToken: 'Authorization' }),
    method: 'GET',
    parse: tokensAt({ ...defaults, ...ownFields(options).names }),
  })
}
