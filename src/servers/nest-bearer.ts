import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { bearer } from './bearer-refresh.js'
import type { NamedServerOptions } from './server-options.js'

/**
 * NestJS with passport-jwt, as brocoders' boilerplate builds it. `tokenExpires` is an instant by the server's clock, so the
 * lifetime is read from the JWT instead.
 *
 * ```http
 * POST /api/v1/auth/refresh
 * Authorization: Bearer <refresh token>
 *
 * 200 {"token":"…","refreshToken":"…","tokenExpires":1767225600000}
 * 401 {"message":"Unauthorized","statusCode":401}
 * ```
 *
 * From its controller, strategy and DTO. `names` are those of the reply's fields.
 */
export const nestBearer = (options: NamedServerOptions): RefreshEndpoint =>
  bearer('nestBearer', options, { accessToken: 'token', refreshToken: 'refreshToken' })
