import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { jsonServer } from './json-server.js'
import type { NamedServerOptions } from './server-options.js'

/**
 * Django REST Framework with djangorestframework-simplejwt.
 *
 * ```http
 * POST /api/token/refresh/
 * {"refresh":"…"}
 *
 * 200 {"access":"…"}    with "refresh" where ROTATE_REFRESH_TOKENS is on
 * 401 {"detail":"Token is invalid or expired","code":"token_not_valid"}
 * ```
 *
 * From its `serializers.py`.
 */
export const simpleJwt = (options: NamedServerOptions): RefreshEndpoint =>
  jsonServer('simpleJwt', options, { accessToken: 'access', refreshToken: 'refresh' })
