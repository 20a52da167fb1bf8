import { yesOrNo } from '../core/options.js'
import { isExpiryReply } from '../http/challenge.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { endpointOf, type NamedServerOptions, readNamedOptions } from './server-options.js'
import { tokensInHeaders, tokensOnAnyReply } from './tokens-in-headers.js'

export interface SpringAuthorizationRefreshOptions extends NamedServerOptions {
  /**
   * Whether the server puts new tokens on any reply. Across origins it must expose both headers.
   *
   * @default false
   */
  renewsOnAnyReply?: boolean
}

/**
 * The filter of many Spring Security back ends (`JwtAuthenticationProcessingFilter`): it reissues on any URL but the one of
 * the sign-in, and the tokens come in headers, which the server must expose across origins.
 *
 * ```http
 * POST /auth/reissue
 * Authorization-refresh: Bearer <refresh token>
 *
 * 200 with Authorization and Authorization-refresh, and no body
 * 200 without them: the session has ended
 * ```
 *
 * The API answers 403 to an expired token; to a forbidden request as well, for which one refresh is tried in vain. From ten
 * public copies of the filter. `names` are those of the headers.
 */
export function springAuthorizationRefresh(options: SpringAuthorizationRefreshOptions): RefreshEndpoint {
  const defaults = { accessToken: 'Authorization', refreshToken: 'Authorization-refresh' }
  const rules = { renewsOnAnyReply: yesOrNo }
  const { names, renewsOnAnyReply, ...rest } = readNamedOptions(
    'springAuthorizationRefresh',
    options,
    defaults,
    rules,
  )
  return endpointOf('springAuthorizationRefresh', {
    ...rest,
    send: ({ refreshToken }) =>
      refreshToken === undefined ? null : { headers: { [names.refreshToken]: `Bearer ${refreshToken}` } },
    parse: tokensInHeaders(names),
    classify: ({ status }) => (status < 300 ? 'ended' : undefined),
    isExpired: (reply) => reply.status === 403 || isExpiryReply(reply),
    ...(renewsOnAnyReply && { onReply: tokensOnAnyReply(names) }),
  })
}
