import { isObject, ownFields } from '../core/own-fields.js'
import { isDevelopment } from '../development/is-development.js'
import { checkServerOptions, fieldNamesRule } from '../development/server-options.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { isPage } from '../http/reply.js'
import { sendAsJson } from './send-tokens.js'
import { serverEndpoint } from './server-endpoint.js'
import type { PairServerOptions } from './server-options.js'
import { tokensAt } from './tokens-at.js'

const defaults = { accessToken: 'accessToken', refreshToken: 'refreshToken' }

/**
 * ASP.NET Core controllers that take both tokens, whether the access token has expired or not.
 *
 * ```http
 * POST /api/token/refresh
 * {"accessToken":"…","refreshToken":"…"}
 *
 * 200 {"accessToken":"…","refreshToken":"…"}
 * 400 Invalid client request    the session has ended; from model binding or validation, or as HTML, it has not
 * ```
 *
 * As Code Maze's course and many repositories build it. `names` are the names of the fields, in the request and in the reply;
 * `replyNames` those of the reply, where they differ: `{ accessToken: 'token' }`.
 */
export function aspnetPair(options: PairServerOptions): RefreshEndpoint {
  if (isDevelopment) {
    const rule = fieldNamesRule(defaults)
    checkServerOptions('aspnetPair', options, { names: rule, replyNames: rule })
  }
  const { names: given, replyNames } = ownFields(options)
  const names = { ...defaults, ...given }
  return serverEndpoint('aspnetPair', options, {
    send: sendAsJson(names),
    parse: tokensAt({ ...names, ...replyNames }),
    classify: (reply) =>
      reply.status === 400 && !isOfModel(reply.body) && !isPage(reply) ? 'ended' : undefined,
  })
}

/** Model binding and validation name what they do not accept: in "errors", or in a list for each field. */
const isOfModel = (body: unknown): boolean =>
  isObject(body) && (Object.hasOwn(body, 'errors') || Object.values(body).some(Array.isArray))
