import { fieldOf } from '../core/own-fields.js'
import { isExpiryReply } from '../http/challenge.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import type { Reply } from '../http/reply.js'
import { bearerServer } from './bearer-server.js'
import type { NamedServerOptions } from './server-options.js'

/** FastAPI's own 422, about what was sent, has a list. */
const sentenceOf = ({ status, body }: Reply): string => {
  const detail = status === 422 ? fieldOf(body, 'detail') : undefined
  return typeof detail === 'string' ? detail : ''
}

/**
 * FastAPI with fastapi-jwt-auth or one of its successors. The refresh token stays the same.
 *
 * ```http
 * POST /refresh
 * Authorization: Bearer <refresh token>
 *
 * 200 {"access_token":"…"}
 * 401 {"detail":"Token has been revoked"}
 * 422 {"detail":"Signature has expired"}    the session has ended; of the API: the access token has expired
 * ```
 *
 * From its source and its example of a refresh; the path is the app's own. `names` are the names of the fields of the reply.
 */
export const fastapiJwtAuth = (options: NamedServerOptions): RefreshEndpoint => ({
  ...bearerServer('fastapiJwtAuth', options, {
    accessToken: 'access_token',
    refreshToken: 'refresh_token',
  }),
  classify: (reply) => (sentenceOf(reply) ? 'ended' : undefined),
  // An app has sentences of its own for what it does not accept.
  isExpired: (reply) =>
    isExpiryReply(reply) || /\b(signature|segments|padding|tokens?|claim)\b/i.test(sentenceOf(reply)),
})
