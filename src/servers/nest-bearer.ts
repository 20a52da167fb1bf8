import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { bearerServer } from './bearer-server.js'
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
 * From its controller, strategy and DTO. `names` are the names of the fields of the reply.
 */
export const nestBearer = (options: NamedServerOptions): RefreshEndpoint =>
  bearerServer('nestBearer', options, { accessToken: 'token', refreshToken: 'refreshToken' })
