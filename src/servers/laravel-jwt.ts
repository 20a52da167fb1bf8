import { ownFields } from '../core/own-fields.js'
import { yesOrNo } from '../development/check-options.js'
import { isDevelopment } from '../development/is-development.js'
import { checkServerOptions, fieldNamesRule } from '../development/server-options.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { sendInHeaders } from './send-tokens.js'
import { serverEndpoint } from './server-endpoint.js'
import type { OneTokenServerOptions } from './server-options.js'
import { tokensAt } from './tokens-at.js'
import { tokensInAnyReply, tokensInHeaders } from './tokens-in-headers.js'

export interface LaravelJwtOptions extends OneTokenServerOptions {
  /**
   * Whether the server puts a new token on any reply of the API, as the middleware `jwt.refresh` does. Across origins it
   * must expose `Authorization`.
   *
   * @default false
   */
  tokensOnAnyReply?: boolean
}

const defaults = { accessToken: 'access_token' }

/**
 * Laravel with tymon/jwt-auth or php-open-source-saver/jwt-auth: one token, which is refreshed before it expires, because
 * the route of the quick start lies behind `auth:api`. The old token is blacklisted at once, unless there is a grace period.
 *
 * ```http
 * POST /api/auth/refresh
 * Authorization: Bearer <access token>
 *
 * 200 {"access_token":"…","token_type":"bearer","expires_in":3600}
 * 401 {"message":"Unauthenticated."}
 * ```
 *
 * From its `docs/quick-start.md`. Where the route accepts expired tokens, spread it with `timing: 'any'`.
 */
export function laravelJwt(options: LaravelJwtOptions): RefreshEndpoint {
  if (isDevelopment)
    checkServerOptions('laravelJwt', options, { names: fieldNamesRule(defaults), tokensOnAnyReply: yesOrNo })
  const { names, tokensOnAnyReply } = ownFields(options)
  const inBody = tokensAt({ ...defaults, ...names, expiresIn: 'expires_in' })
  const inHeader = tokensInHeaders()
  return serverEndpoint('laravelJwt', options, {
    send: sendInHeaders({ accessToken: 'Authorization' }),
    timing: 'before-expiry',
    parse: (reply) => inBody(reply) ?? inHeader(reply),
    ...(tokensOnAnyReply && { onReply: tokensInAnyReply() }),
  })
}
