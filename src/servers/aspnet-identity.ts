import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { jsonServer } from './json-server.js'
import type { NamedServerOptions } from './server-options.js'

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
  jsonServer(
    'aspnetIdentity',
    options,
    { accessToken: 'accessToken', refreshToken: 'refreshToken' },
    { expiresIn: 'expiresIn' },
  )
