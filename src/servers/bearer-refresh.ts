import { ownFields } from '../core/own-fields.js'
import { isDevelopment } from '../development/is-development.js'
import { checkServerOptions, fieldNamesRule } from '../development/server-options.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { sendInHeaders } from './send-tokens.js'
import { serverEndpoint } from './server-endpoint.js'
import type { NamedServerOptions } from './server-options.js'
import { tokensByName } from './tokens-by-name.js'

const defaults = { accessToken: 'accessToken', refreshToken: 'refreshToken' }

/**
 * Sends the refresh token where requests have the access token, without a body.
 *
 * ```http
 * POST /auth/refresh
 * Authorization: Bearer <refresh token>
 *
 * 200 {"accessToken":"…","refreshToken":"…"}    with "refreshToken" where it rotates
 * 401                                           the session has ended
 * ```
 *
 * `names` are the names of the fields of the reply, with dots into nested objects.
 */
export function bearerRefresh(options: NamedServerOptions): RefreshEndpoint {
  if (isDevelopment) checkServerOptions('bearerRefresh', options, { names: fieldNamesRule(defaults) })
  const { names } = ownFields(options)
  return serverEndpoint('bearerRefresh', options, {
    send: sendInHeaders({ refreshToken: 'Authorization' }),
    ...(names && { parse: tokensByName(names) }),
  })
}
