import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { sendInHeaders } from './send-tokens.js'
import { endpointOf, type NamedServerOptions, readNamedOptions } from './server-options.js'
import { tokensAt } from './tokens-at.js'

/**
 * The refresh token where an access token would be, without a body.
 *
 * ```http
 * POST /auth/refresh
 * Authorization: Bearer <refresh token>
 *
 * 200 {"accessToken":"…","refreshToken":"…"}    with "refreshToken" where it rotates
 * 401                                           the session has ended
 * ```
 *
 * `names` are those of the fields of the reply.
 */
export const bearerRefresh = (options: NamedServerOptions): RefreshEndpoint =>
  bearer('bearerRefresh', options)

/** The same for servers by name. Without names, the reply is read by the defaults. */
export function bearer(
  protocol: string,
  options: NamedServerOptions,
  defaults?: { accessToken: string; refreshToken: string },
): RefreshEndpoint {
  const { names, ...rest } = readNamedOptions(
    protocol,
    options,
    defaults ?? { accessToken: 'accessToken', refreshToken: 'refreshToken' },
    {},
  )
  return endpointOf(protocol, {
    ...rest,
    send: sendInHeaders({ refreshToken: 'Authorization' }),
    ...((defaults || options.names) && { parse: tokensAt(names) }),
  })
}
