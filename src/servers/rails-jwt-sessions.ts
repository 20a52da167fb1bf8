import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { sendInHeaders } from './send-tokens.js'
import { endpointOf, type NamedServerOptions, readNamedOptions } from './server-options.js'
import { tokensAt } from './tokens-at.js'

/**
 * Rails with jwt_sessions, tokens in headers. Its protection against theft takes a refresh before the expiry for one, so
 * there is none.
 *
 * ```http
 * POST /refresh
 * X-Refresh-Token: <refresh token>
 *
 * 200 {"csrf":"…","access":"…","access_expires_at":"…"}
 * 401 {"error":"Not authorized"}
 * ```
 *
 * From its README. The refresh token stays as it is; the lifetime is read from the JWT. `names` are those of the fields of
 * the replies.
 */
export function railsJwtSessions(options: NamedServerOptions): RefreshEndpoint {
  const defaults = { accessToken: 'access', refreshToken: 'refresh' }
  const { names, ...rest } = readNamedOptions('railsJwtSessions', options, defaults, {})
  return endpointOf('railsJwtSessions', {
    ...rest,
    send: sendInHeaders({ refreshToken: 'X-Refresh-Token' }),
    timing: 'after-expiry',
    parse: tokensAt(names),
  })
}
