import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { jsonFields } from './json-fields.js'
import type { NamedServerOptions } from './server-options.js'

/**
 * FastAPI back ends. FastAPI brings no refresh of its own: this is what most of them do. For those that keep the refresh
 * token in a cookie see `cookie`.
 *
 * ```http
 * POST /auth/refresh
 * {"refresh_token":"…"}
 *
 * 200 {"access_token":"…","token_type":"bearer"}    with "refresh_token" where it rotates
 * 401 {"detail":"…"}                                the session has ended
 * ```
 */
export const fastapi = (options: NamedServerOptions): RefreshEndpoint =>
  jsonFields('fastapi', options, { accessToken: 'access_token', refreshToken: 'refresh_token' }, 'expires_in')
