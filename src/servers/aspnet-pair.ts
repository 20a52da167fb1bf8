import { fieldOf, ownFields } from '../core/own-fields.js'
import { isDevelopment } from '../development/is-development.js'
import { checkServerOptions, fieldNamesRule } from '../development/server-options.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { isPage } from '../http/reply.js'
import { sendAsJson } from './send-tokens.js'
import { serverEndpoint } from './server-endpoint.js'
import type { NamedServerOptions } from './server-options.js'
import { tokensAt } from './tokens-at.js'

const defaults = { accessToken: 'accessToken', refreshToken: 'refreshToken' }

/**
 * ASP.NET Core controllers that take both tokens, whether the access token has expired or not.
 *
 * ```http
 * POST /api/token/refresh
 * {"accessToken":"…","refreshToken":"…"}
 *
 * 200 {"accessToken":"…","refreshToken":"…"}
 * 400 Invalid client request    the session has ended; with "errors" (model validation) or as HTML it has not
 * ```
 *
 * As Code Maze's course and many repositories build it.
 */
export function aspnetPair(options: NamedServerOptions): RefreshEndpoint {
  if (isDevelopment) checkServerOptions('aspnetPair', options, { names: fieldNamesRule(defaults) })
  const names = { ...defaults, ...ownFields(options).names }
  return serverEndpoint('aspnetPair', options, {
    send: sendAsJson(names),
    parse: tokensAt(names),
    classify: (reply) =>
      reply.status === 400 && fieldOf(reply.body, 'errors') === undefined && !isPage(reply)
        ? 'ended'
        : undefined,
  })
}
