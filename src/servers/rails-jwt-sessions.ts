import { ownFields } from '../core/own-fields.js'
import { isDevelopment } from '../development/is-development.js'
import { checkServerOptions, fieldNamesRule } from '../development/server-options.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { sendInHeaders } from './send-tokens.js'
import { serverEndpoint } from './server-endpoint.js'
import type { NamedServerOptions } from './server-options.js'
import { tokensAt } from './tokens-at.js'

const defaults = { accessToken: 'access', refreshToken: 'refresh' }

/**
 * Rails with jwt_sessions, tokens in headers. There is no refresh before the expiry, because its protection against theft
 * takes that for one.
 *
 * ```http
 * POST /refresh
 * X-Refresh-Token: <refresh token>
 *
 * 200 {"csrf":"…","access":"…","access_expires_at":"…"}
 * 401 {"error":"Not authorized"}
 * ```
 *
 * From its README. The refresh token stays the same; the lifetime is read from the JWT. `names` are the names of the fields
 * of the replies.
 */
export function railsJwtSessions(options: NamedServerOptions): RefreshEndpoint {
  if (isDevelopment) checkServerOptions('railsJwtSessions', options, { names: fieldNamesRule(defaults) })
  return serverEndpoint('railsJwtSessions', options, {
    send: sendInHeaders({ refreshToken: 'X-Refresh-Token' }),
    timing: 'after-expiry',
    parse: tokensAt({ ...defaults, ...ownFields(options).names }),
  })
}
