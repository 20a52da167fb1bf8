import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { type NamedServerOptions, readNamedOptions } from './server-options.js'
import { tokensAt } from './tokens-at.js'

/** The refresh token where an access token would be, without a body. */
const asBearer = {
  send: 'headers',
  names: { accessToken: '', refreshToken: 'Authorization' },
  timing: 'any',
} as const

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
export function nestBearer(options: NamedServerOptions): RefreshEndpoint {
  const defaults = { accessToken: 'token', refreshToken: 'refreshToken' }
  const { names, ...rest } = readNamedOptions('nestBearer', options, defaults, {})
  return { ...rest, ...asBearer, parse: tokensAt(names) }
}

/**
 * Flask with Flask-JWT-Extended. The refresh token stays as it is.
 *
 * ```http
 * POST /refresh
 * Authorization: Bearer <refresh token>
 *
 * 200 {"access_token":"…"}
 * 401 {"msg":"Token has expired"}
 * 422 {"msg":"Signature verification failed"}    what we sent is no token of this server
 * ```
 *
 * From its documentation; the path is the app's own. `names` are those of the reply's fields.
 */
export function flaskJwtExtended(options: NamedServerOptions): RefreshEndpoint {
  const defaults = { accessToken: 'access_token', refreshToken: 'refresh_token' }
  const { names, ...rest } = readNamedOptions('flaskJwtExtended', options, defaults, {})
  return {
    ...rest,
    ...asBearer,
    parse: tokensAt(names),
    classify: ({ status }) => (status === 422 ? 'ended' : undefined),
  }
}
