import { ownFields } from '../core/own-fields.js'
import { isDevelopment } from '../development/is-development.js'
import { checkServerOptions, fieldNamesRule, fieldsRule, headersRule } from '../development/server-options.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { sendAsJson } from './send-tokens.js'
import { serverEndpoint } from './server-endpoint.js'
import type { PairServerOptions } from './server-options.js'
import { tokensByName } from './tokens-by-name.js'

export interface JsonOptions extends PairServerOptions {
  /** Further fields of the body that are always the same. */
  fields?: Record<string, string>
  /** Further headers of the refresh call. */
  headers?: Record<string, string>
}

const defaults = { accessToken: 'accessToken', refreshToken: 'refreshToken' }

/**
 * Sends the refresh token in a JSON body.
 *
 * ```http
 * POST /auth/refresh
 * {"refreshToken":"…"}
 *
 * 200 {"accessToken":"…","refreshToken":"…"}    with "refreshToken" where it rotates
 * 401                                           the session has ended
 * ```
 *
 * `names` are the names of the fields, in the request and in the reply. Dots lead into nested objects of the reply; the
 * field of the request is the last part. `replyNames` are those of the reply, where they differ.
 */
export function jsonRefresh(options: JsonOptions): RefreshEndpoint {
  if (isDevelopment)
    checkServerOptions('jsonRefresh', options, {
      names: fieldNamesRule(defaults),
      replyNames: fieldNamesRule(defaults),
      fields: fieldsRule(),
      headers: headersRule,
    })
  const { names, replyNames, fields, headers } = ownFields(options)
  const { refreshToken } = { ...defaults, ...names }
  return serverEndpoint('jsonRefresh', options, {
    send: sendAsJson({ refreshToken }, fields, headers),
    ...((names || replyNames) && { parse: tokensByName({ ...names, ...replyNames }) }),
  })
}
