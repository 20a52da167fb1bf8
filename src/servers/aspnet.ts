import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { fieldOf } from '../http/reply.js'
import { jsonRefresh } from './json-refresh.js'
import { type NamedServerOptions, readNamedOptions } from './server-options.js'
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
  const checked = readNamedOptions('aspnetPair', options, defaults, {})
  return {
    ...checked,
    send: 'json',
    parse: tokensAt(checked.names),
    classify: ({ status, body }) =>
      status === 400 && fieldOf(body, 'errors') === undefined ? 'ended' : undefined,
  }
}

/**
 * ASP.NET Core Identity's own endpoints (`MapIdentityApi`), with bearer tokens. The access token is opaque.
 *
 * ```http
 * POST /refresh
 * {"refreshToken":"…"}
 *
 * 200 {"tokenType":"Bearer","accessToken":"…","expiresIn":3600,"refreshToken":"…"}
 * 401                           the session has ended
 * ```
 *
 * From `IdentityApiEndpointRouteBuilderExtensions.cs` and the reference of `AccessTokenResponse`.
 */
export const aspnetIdentity = (options: NamedServerOptions): RefreshEndpoint =>
  jsonRefresh(
    'aspnetIdentity',
    options,
    { accessToken: 'accessToken', refreshToken: 'refreshToken' },
    'expiresIn',
  )
