import { ownFields } from '../core/own-fields.js'
import { isDevelopment } from '../development/is-development.js'
import { checkServerOptions, headerNamesRule, headersRule } from '../development/server-options.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { findTokens } from '../http/refresh-reply.js'
import { sendInHeaders } from './send-tokens.js'
import { serverEndpoint } from './server-endpoint.js'
import type { NamedServerOptions } from './server-options.js'

export interface HeaderPairOptions extends NamedServerOptions {
  /** Further headers of the refresh call. */
  headers?: Record<string, string>
}

const defaults = { accessToken: 'Authorization', refreshToken: 'Refresh' }

/**
 * Sends both tokens in headers, once the access token has expired.
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
 * As many tutorials for Express and jsonwebtoken build it. `names` are the names of the headers, in the request and in the
 * reply.
 */
export function headerPair(options: HeaderPairOptions): RefreshEndpoint {
  if (isDevelopment)
    checkServerOptions('headerPair', options, { names: headerNamesRule(defaults), headers: headersRule })
  const { names, headers } = ownFields(options)
  const all = { ...defaults, ...names }
  return serverEndpoint('headerPair', options, {
    send: sendInHeaders(all, headers),
    timing: 'after-expiry',
    ...(names && { parse: (reply) => (reply.status < 300 ? findTokens(reply, all) : null) }),
  })
}
