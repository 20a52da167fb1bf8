import { ownFields } from '../core/own-fields.js'
import { oneOf } from '../development/check-options.js'
import { isDevelopment } from '../development/is-development.js'
import { checkServerOptions, headerNamesRule } from '../development/server-options.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { findTokens } from '../http/refresh-reply.js'
import { sendInHeaders } from './send-tokens.js'
import { serverEndpoint } from './server-endpoint.js'
import type { NamedServerOptions } from './server-options.js'

export interface XRefreshTokenOptions extends NamedServerOptions {
  /** @default 'POST' */
  method?: 'GET' | 'POST'
}

const defaults = { accessToken: 'X-Access-Token', refreshToken: 'X-Refresh-Token' }

/**
 * Sends the refresh token alone in a header of its own; new tokens come in the body or in headers.
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
 * As eight public repositories do it. `names` are the names of the headers.
 */
export function xRefreshToken(options: XRefreshTokenOptions): RefreshEndpoint {
  if (isDevelopment)
    checkServerOptions('xRefreshToken', options, {
      names: headerNamesRule(defaults),
      method: oneOf('GET', 'POST'),
    })
  const { names, method = 'POST' } = ownFields(options)
  const all = { ...defaults, ...names }
  return serverEndpoint('xRefreshToken', options, {
    send: sendInHeaders({ refreshToken: all.refreshToken }),
    method,
    parse: (reply) => (reply.status < 300 ? findTokens(reply, all) : null),
  })
}
