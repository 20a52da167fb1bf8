import { isDevelopment } from '../development/is-development.js'
import { checkServerOptions } from '../development/server-options.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { sendAsJson } from './send-tokens.js'
import { serverEndpoint } from './server-endpoint.js'
import type { ServerOptions } from './server-options.js'
import { tokensAt } from './tokens-at.js'

/**
 * Directus in its JSON mode. Its `expires` is in milliseconds.
 *
 * ```http
 * POST /auth/refresh
 * {"mode":"json","refresh_token":"…"}
 *
 * 200 {"data":{"access_token":"…","refresh_token":"…","expires":900000}}
 * 401 {"errors":[{"message":"…","extensions":{"code":"INVALID_CREDENTIALS"}}]}
 * ```
 *
 * From its SDK and its source. Where its refresh token is in a cookie, use `cookie`.
 */
export function directus(options: ServerOptions): RefreshEndpoint {
  if (isDevelopment) checkServerOptions('directus', options, {})
  return serverEndpoint('directus', options, {
    send: sendAsJson({ refreshToken: 'refresh_token' }, { mode: 'json' }),
    parse: tokensAt({
      accessToken: 'data.access_token',
      refreshToken: 'data.refresh_token',
      expiresInMs: 'data.expires',
    }),
  })
}
