import { oneOf } from '../core/options.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { findTokens } from '../http/refresh-reply.js'
import { sendInHeaders } from './send-tokens.js'
import { endpointOf, type NamedServerOptions, readNamedOptions } from './server-options.js'

export interface XRefreshTokenOptions extends NamedServerOptions {
  /** @default 'POST' */
  method?: 'GET' | 'POST'
}

/**
 * The refresh token alone in a header of its own; new tokens in the body or in headers.
 *
 * ```http
 * POST /auth/refresh
 * X-Refresh-Token: <refresh token>
 *
 * 200 {"data":{"accessToken":"…","refreshToken":"…"}}
 * 200 with X-Access-Token and X-Refresh-Token
 * 401    the session has ended
 * ```
 *
 * As eight public repositories do it. `names` are those of the headers.
 */
export function xRefreshToken(options: XRefreshTokenOptions): RefreshEndpoint {
  const defaults = { accessToken: 'X-Access-Token', refreshToken: 'X-Refresh-Token' }
  const checked = readNamedOptions('xRefreshToken', options, defaults, { method: oneOf('GET', 'POST') })
  const { names, ...rest } = checked
  return endpointOf('xRefreshToken', {
    ...rest,
    send: sendInHeaders({ refreshToken: names.refreshToken }),
    parse: (reply) => (reply.status < 300 ? findTokens(reply, names) : null),
  })
}
