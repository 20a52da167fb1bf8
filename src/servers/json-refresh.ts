import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { findTokens } from '../http/refresh-reply.js'
import { sendAsJson } from './send-tokens.js'
import { endpointOf, fields, type NamedServerOptions, readNamedOptions, strings } from './server-options.js'
import { tokensAt } from './tokens-at.js'

export interface JsonOptions extends NamedServerOptions {
  /** Further fields of the body that are always the same. */
  fields?: Record<string, string>
  /** Further headers of the refresh call. */
  headers?: Record<string, string>
}

/**
 * The refresh token in a JSON body.
 *
 * ```http
 * POST /auth/refresh
 * {"refreshToken":"…"}
 *
 * 200 {"accessToken":"…","refreshToken":"…"}    with "refreshToken" where it rotates
 * 401                                           the session has ended
 * ```
 *
 * `names` are those of the fields, in the request and in the reply, where dots lead into nested objects.
 */
export const jsonRefresh = (options: JsonOptions): RefreshEndpoint => json('jsonRefresh', options, false)

/**
 * Both tokens in a JSON body.
 *
 * ```http
 * POST /auth/refresh
 * {"accessToken":"…","refreshToken":"…"}
 *
 * 200 {"accessToken":"…","refreshToken":"…"}
 * 401                                           the session has ended
 * ```
 *
 * `names` are those of the fields, in the request and in the reply, where dots lead into nested objects.
 */
export const jsonPair = (options: JsonOptions): RefreshEndpoint => json('jsonPair', options, true)

function json(protocol: string, options: JsonOptions, isPair: boolean): RefreshEndpoint {
  const defaults = { accessToken: 'accessToken', refreshToken: 'refreshToken' }
  const checked = readNamedOptions(protocol, options, defaults, { fields, headers: strings })
  const { names, fields: constant, headers, ...rest } = checked
  const { refreshToken } = names
  const read = tokensAt(names)
  return endpointOf(protocol, {
    ...rest,
    send: sendAsJson(isPair ? names : { refreshToken }, constant, headers),
    // By its own names first; a server that renames a field of the request may leave the reply as it is.
    ...(options.names && {
      parse: (reply) => read(reply) ?? (reply.status < 300 ? findTokens(reply) : null),
    }),
  })
}
