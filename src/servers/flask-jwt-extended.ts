import { isObject } from '../core/own-fields.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { bearerServer } from './bearer-server.js'
import type { NamedServerOptions } from './server-options.js'

/**
 * Flask with Flask-JWT-Extended. The refresh token stays the same.
 *
 * ```http
 * POST /refresh
 * Authorization: Bearer <refresh token>
 *
 * 200 {"access_token":"…"}
 * 401 {"msg":"Token has expired"}
 * 422 {"msg":"Signature verification failed"}    the server's key has changed: the session has ended
 * ```
 *
 * From its documentation; the path is the app's own. `names` are the names of the fields of the reply.
 */
export const flaskJwtExtended = (options: NamedServerOptions): RefreshEndpoint => ({
  ...bearerServer('flaskJwtExtended', options, {
    accessToken: 'access_token',
    refreshToken: 'refresh_token',
  }),
  // The server answers in JSON: anything else is a proxy's.
  classify: ({ status, body }) => (status === 422 && isObject(body) ? 'ended' : undefined),
})
