import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { fieldOf } from '../http/reply.js'
import { sendAsJson } from './send-tokens.js'
import { endpointOf, type NamedServerOptions, readNamedOptions } from './server-options.js'
import { tokensAt } from './tokens-at.js'

/**
 * ASP.NET Core controllers that take both tokens, the access token expired or not.
 *
 * ```http
 * POST /api/token/refresh
 * {"accessToken":"…","refreshToken":"…"}
 *
 * 200 {"accessToken":"…","refreshToken":"…"}
 * 400 Invalid client request    the session has ended; with "errors" (model validation) it has not
 * ```
 *
 * As Code Maze's course and many repositories build it.
 */
export function aspnetPair(options: NamedServerOptions): RefreshEndpoint {
  const defaults = { accessToken: 'accessToken', refreshToken: 'refreshToken' }
  const { names, ...rest } = readNamedOptions('aspnetPair', options, defaults, {})
  return endpointOf('aspnetPair', {
    ...rest,
    send: sendAsJson(names),
    parse: tokensAt(names),
    classify: ({ status, body }) =>
      status === 400 && fieldOf(body, 'errors') === undefined ? 'ended' : undefined,
  })
}
