import { ownFields } from '../core/own-fields.js'
import { yesOrNo } from '../development/check-options.js'
import { isDevelopment } from '../development/is-development.js'
import { checkServerOptions, headerNamesRule } from '../development/server-options.js'
import { isExpiryReply } from '../http/challenge.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { isPage } from '../http/reply.js'
import { serverEndpoint } from './server-endpoint.js'
import type { NamedServerOptions } from './server-options.js'
import { tokensInAnyReply, tokensInHeaders } from './tokens-in-headers.js'

export interface SpringAuthorizationRefreshOptions extends NamedServerOptions {
  /**
   * Whether the server puts new tokens on any reply of the API. Across origins it must expose both headers.
   *
   * @default false
   */
  tokensOnAnyReply?: boolean
}

const defaults = { accessToken: 'Authorization', refreshToken: 'Authorization-refresh' }

/**
 * The filter of many Spring Security back ends (`JwtAuthenticationProcessingFilter`): it refreshes on any URL except that of
 * the sign-in, and the tokens come in headers, which the server must expose across origins.
 *
 * ```http
 * POST /auth/reissue
 * Authorization-refresh: Bearer <refresh token>
 *
 * 200 with Authorization and Authorization-refresh, and no body
 * 200 without them: the session has ended; a page of HTML is a file server's, and says nothing
 * ```
 *
 * The API answers 403 to an expired token; to a forbidden request as well, which therefore causes one refresh in vain. From
 * ten public copies of the filter. `names` are the names of the headers.
 */
export function springAuthorizationRefresh(options: SpringAuthorizationRefreshOptions): RefreshEndpoint {
  if (isDevelopment)
    checkServerOptions('springAuthorizationRefresh', options, {
      names: headerNamesRule(defaults),
      tokensOnAnyReply: yesOrNo,
    })
  const { names, tokensOnAnyReply } = ownFields(options)
  const all = { ...defaults, ...names }
  return serverEndpoint('springAuthorizationRefresh', options, {
    send: ({ refreshToken }) =>
      refreshToken === undefined ? null : { headers: { [all.refreshToken]: `Bearer ${refreshToken}` } },
    parse: tokensInHeaders(all),
    classify: (reply) => (reply.status < 300 && !isPage(reply) ? 'ended' : undefined),
    isExpired: (reply) => reply.status === 403 || isExpiryReply(reply),
    ...(tokensOnAnyReply && { onReply: tokensInAnyReply(all) }),
  })
}
