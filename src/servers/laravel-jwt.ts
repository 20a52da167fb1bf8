import { yesOrNo } from '../core/options.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { sendInHeaders } from './send-tokens.js'
import { endpointOf, type NamedServerOptions, readNamedOptions } from './server-options.js'
import { tokensAt } from './tokens-at.js'
import { tokensInHeaders, tokensOnAnyReply } from './tokens-in-headers.js'

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
  return endpointOf('laravelJwt', {
    ...rest,
    // No refresh token: the access token asks for its own successor.
    send: sendInHeaders({ accessToken: 'Authorization' }),
    timing: 'before-expiry',
    parse: (reply) => inBody(reply) ?? inHeader(reply),
    ...(renewsOnAnyReply && { onReply: tokensOnAnyReply() }),
  })
}
