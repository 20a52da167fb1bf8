import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { findTokens } from '../http/refresh-reply.js'
import { sendInHeaders } from './send-tokens.js'
import { endpointOf, type NamedServerOptions, readNamedOptions, strings } from './server-options.js'

export interface HeaderPairOptions extends NamedServerOptions {
  /** Further headers of the refresh call. */
  headers?: Record<string, string>
}

/**
 * Both tokens in headers, once the access token has expired.
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
 * As many tutorials for Express and jsonwebtoken build it. `names` are those of the headers.
 */
export function headerPair(options: HeaderPairOptions): RefreshEndpoint {
  const defaults = { accessToken: 'Authorization', refreshToken: 'Refresh' }
  const { names, headers, ...rest } = readNamedOptions('headerPair', options, defaults, { headers: strings })
  return endpointOf('headerPair', {
    ...rest,
    send: sendInHeaders(names, headers),
    timing: 'after-expiry',
    ...(options.names && { parse: (reply) => (reply.status < 300 ? findTokens(reply, names) : null) }),
  })
}
