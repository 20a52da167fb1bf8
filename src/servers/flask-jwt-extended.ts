import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { bearer } from './bearer-refresh.js'
import type { NamedServerOptions } from './server-options.js'

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
export const flaskJwtExtended = (options: NamedServerOptions): RefreshEndpoint => ({
  ...bearer('flaskJwtExtended', options, { accessToken: 'access_token', refreshToken: 'refresh_token' }),
  classify: ({ status }) => (status === 422 ? 'ended' : undefined),
})
