import { fieldOf } from '../core/own-fields.js'
import { isExpiryReply } from '../http/challenge.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { jsonServer } from './json-server.js'
import type { NamedServerOptions } from './server-options.js'

/** What a 403 says that is about the token, and not about what its user may do. */
const aboutTheToken = /\b(token|jwt|signature|credentials|not authenticated|authorization code)\b/i

/**
 * FastAPI back ends. FastAPI has no refresh of its own; this is the exchange of most of these back ends. Where the refresh
 * token is in a cookie, use `cookie`; with fastapi-jwt-auth, {@link fastapiJwtAuth}.
 *
 * ```http
 * POST /auth/refresh
 * {"refresh_token":"…"}
 *
 * 200 {"access_token":"…","token_type":"bearer"}    with "refresh_token" where it rotates
 * 401 {"detail":"…"}                                the session has ended
 * ```
 *
 * `HTTPBearer`, and what is built on it, refuses a token with a 403, `{"detail":"Invalid token or expired token."}`: that
 * counts as expiry where `detail` speaks of the token, and not where it speaks of permissions.
 */
export const fastapi = (options: NamedServerOptions): RefreshEndpoint => ({
  ...jsonServer(
    'fastapi',
    options,
    { accessToken: 'access_token', refreshToken: 'refresh_token' },
    { expiresIn: 'expires_in' },
  ),
  isExpired: (reply) =>
    isExpiryReply(reply) ||
    (reply.status === 403 && aboutTheToken.test(String(fieldOf(reply.body, 'detail')))),
})
