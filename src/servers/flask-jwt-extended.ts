import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { asBearer } from './as-bearer.js'
import { type NamedServerOptions, readNamedOptions } from './server-options.js'
import { tokensAt } from './tokens-at.js'

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
