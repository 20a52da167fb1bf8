import { fieldOf } from '../core/own-fields.js'
import { isDevelopment } from '../development/is-development.js'
import { checkServerOptions } from '../development/server-options.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { isPage } from '../http/reply.js'
import { formRequest } from './send-tokens.js'
import { serverEndpoint } from './server-endpoint.js'
import type { ServerOptions } from './server-options.js'
import { tokensAt } from './tokens-at.js'

/** The errors that end a session; each may be followed by a sentence. */
const ending = /^(TOKEN_EXPIRED|USER_DISABLED|USER_NOT_FOUND|INVALID_REFRESH_TOKEN)\b/

/**
 * Firebase Authentication by its REST API. `url` is `https://securetoken.googleapis.com/v1/token?key=<public key>`. The access
 * token is the ID token, which is what a back end verifies.
 *
 * ```http
 * POST /v1/token?key=<public key>
 * Content-Type: application/x-www-form-urlencoded
 *
 * grant_type=refresh_token&refresh_token=…
 *
 * 200 {"expires_in":"3600","token_type":"Bearer","refresh_token":"…","id_token":"…","user_id":"…","project_id":"…"}
 * 400 {"error":{"code":400,"message":"TOKEN_EXPIRED","status":"INVALID_ARGUMENT"}}
 * ```
 *
 * From the reference of the REST API, whose sign-in replies have `idToken` and `refreshToken`. Firebase's own client does
 * more; this is for apps that bring their own.
 */
export function firebase(options: ServerOptions): RefreshEndpoint {
  if (isDevelopment) checkServerOptions('firebase', options, {})
  const inRefresh = tokensAt({
    accessToken: 'id_token',
    refreshToken: 'refresh_token',
    expiresIn: 'expires_in',
  })
  const inSignIn = tokensAt({ accessToken: 'idToken', refreshToken: 'refreshToken', expiresIn: 'expiresIn' })
  return serverEndpoint('firebase', options, {
    send: ({ refreshToken }) =>
      refreshToken === undefined
        ? null
        : formRequest({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    parse: (reply) => inRefresh(reply) ?? inSignIn(reply),
    classify(reply) {
      if (ending.test(String(fieldOf(fieldOf(reply.body, 'error'), 'message')))) return 'ended'
      // The key is not for this page or this API, which says nothing of the user.
      return reply.status === 403 && !isPage(reply) ? 'misconfigured' : undefined
    },
  })
}
