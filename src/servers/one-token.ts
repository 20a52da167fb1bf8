import { yesOrNo } from '../core/options.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { type NamedServerOptions, readNamedOptions } from './server-options.js'
import { tokensAt } from './tokens-at.js'
import { tokensInHeaders, tokensOnAnyReply } from './tokens-in-headers.js'

/** No refresh token: the access token asks for its own successor. */
const byItself = { send: 'headers', names: { refreshToken: '' } } as const

export interface LaravelJwtOptions extends NamedServerOptions {
  /**
   * Whether the server puts a new token on any reply: the middleware `jwt.refresh`. Across origins it must expose
   * `Authorization`.
   *
   * @default false
   */
  renewsOnAnyReply?: boolean
}

/**
 * Laravel with tymon/jwt-auth or php-open-source-saver/jwt-auth: one token, renewed before it expires, for the route of the
 * quick start lies behind `auth:api`. The old token is blacklisted at once, unless there is a grace period.
 *
 * ```http
 * POST /api/auth/refresh
 * Authorization: Bearer <access token>
 *
 * 200 {"access_token":"…","token_type":"bearer","expires_in":3600}
 * 401 {"message":"Unauthenticated."}
 * ```
 *
 * From its `docs/quick-start.md`. Where the route lets expired tokens in, spread it with `timing: 'any'`.
 */
export function laravelJwt(options: LaravelJwtOptions): RefreshEndpoint {
  const defaults = { accessToken: 'access_token', refreshToken: 'refresh_token' }
  const checked = readNamedOptions('laravelJwt', options, defaults, { renewsOnAnyReply: yesOrNo })
  const { names, renewsOnAnyReply, ...rest } = checked
  const inBody = tokensAt({ accessToken: names.accessToken, expiresIn: 'expires_in' })
  const inHeader = tokensInHeaders()
  return {
    ...rest,
    ...byItself,
    timing: 'before-expiry',
    parse: (reply) => inBody(reply) ?? inHeader(reply),
    ...(renewsOnAnyReply && { parseAny: tokensOnAnyReply() }),
  }
}

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
  return {
    ...rest,
    ...byItself,
    method: 'GET',
    timing: 'any',
    parse: tokensAt({ accessToken: names.accessToken }),
  }
}
