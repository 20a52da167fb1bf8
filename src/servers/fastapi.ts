import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { jsonServer } from './json-server.js'
import type { NamedServerOptions } from './server-options.js'

/**
 * FastAPI back ends. FastAPI has no refresh of its own; this is the exchange of most of these back ends. Where the refresh
 * token is in a cookie, use `cookie`.
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
  jsonServer(
    'fastapi',
    options,
    { accessToken: 'access_token', refreshToken: 'refresh_token' },
    { expiresIn: 'expires_in' },
  )
