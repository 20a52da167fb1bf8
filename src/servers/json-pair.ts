import { ownFields } from '../core/own-fields.js'
import { isDevelopment } from '../development/is-development.js'
import { checkServerOptions, fieldNamesRule, fieldsRule, headersRule } from '../development/server-options.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import type { JsonOptions } from './json-refresh.js'
import { sendAsJson } from './send-tokens.js'
import { serverEndpoint } from './server-endpoint.js'
import { tokensByName } from './tokens-by-name.js'

const defaults = { accessToken: 'accessToken', refreshToken: 'refreshToken' }

/**
 * Sends both tokens in a JSON body.
 *
 * ```http
 * POST /auth/refresh
 * {"accessToken":"…","refreshToken":"…"}
 *
 * 200 {"accessToken":"…","refreshToken":"…"}
 * 401                                           the session has ended
 * ```
 *
 * `names` are the names of the fields, in the request and in the reply. Dots lead into nested objects of the reply; the
 * field of the request is the last part. `replyNames` are those of the reply, where they differ.
 */
export function jsonPair(options: JsonOptions): RefreshEndpoint {
  if (isDevelopment)
    checkServerOptions('jsonPair', options, {
      names: fieldNamesRule(defaults),
      replyNames: fieldNamesRule(defaults),
      fields: fieldsRule(),
      headers: headersRule,
    })
  const { names, replyNames, fields, headers } = ownFields(options)
  return serverEndpoint('jsonPair', options, {
    send: sendAsJson({ ...defaults, ...names }, fields, headers),
    ...((names || replyNames) && { parse: tokensByName({ ...names, ...replyNames }) }),
  })
}
