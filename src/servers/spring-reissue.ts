import { fieldOf, ownFields } from '../core/own-fields.js'
import { isDevelopment } from '../development/is-development.js'
import { checkServerOptions, codesRule, fieldNamesRule } from '../development/server-options.js'
import { isExpiryReply } from '../http/challenge.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import type { Reply } from '../http/reply.js'
import { sendAsJson } from './send-tokens.js'
import { serverEndpoint } from './server-endpoint.js'
import type { NamedServerOptions } from './server-options.js'
import { tokensAt } from './tokens-at.js'

/** @inline */
type Code = string | number

export interface SpringReissueOptions extends NamedServerOptions {
  /** Values of `code` or `errorCode` that end the session, whatever the status: `['INVALID_REFRESH_TOKEN', 40102]`. */
  endedCodes?: readonly Code[]
  /** Values by which the API says that the access token has expired, where it does not say so by a 401. */
  expiredCodes?: readonly Code[]
}

const defaults = { accessToken: 'accessToken', refreshToken: 'refreshToken' }

/** What Spring back ends wrap their replies in, or nothing. */
const wrappers = ['', 'data.', 'result.', 'response.']

/** Compared as text, because some servers send their codes as numbers and some as digits. */
function hasCode(codes: readonly Code[] = []): (reply: Reply) => boolean {
  const texts = codes.map(String)
  return ({ body }) => ['code', 'errorCode'].some((field) => texts.includes(String(fieldOf(body, field))))
}

/**
 * Spring back ends that take both tokens in the body, with or without a wrapper (`data`, `result`, `response`) around their
 * replies.
 *
 * ```http
 * POST /auth/reissue
 * {"accessToken":"…","refreshToken":"…"}
 *
 * 200 {"status":200,"message":"OK","data":{"accessToken":"…","refreshToken":"…"}}
 * 401 {"code":"EXPIRED_REFRESH_TOKEN","message":"…"}
 * ```
 *
 * From ten public repositories, whose error codes differ: name yours.
 */
export function springReissue(options: SpringReissueOptions): RefreshEndpoint {
  if (isDevelopment)
    checkServerOptions('springReissue', options, {
      names: fieldNamesRule(defaults),
      endedCodes: codesRule,
      expiredCodes: codesRule,
    })
  const { endedCodes, expiredCodes, names } = ownFields(options)
  const all = { ...defaults, ...names }
  const readers = wrappers.map((wrapper) =>
    tokensAt({ accessToken: wrapper + all.accessToken, refreshToken: wrapper + all.refreshToken }),
  )
  const isEnded = hasCode(endedCodes)
  const isExpired = hasCode(expiredCodes)
  return serverEndpoint('springReissue', options, {
    send: sendAsJson(all),
    parse(reply) {
      for (const read of readers) {
        const found = read(reply)
        if (found) return found
      }
      return null
    },
    classify: (reply) => (isEnded(reply) ? 'ended' : undefined),
    ...(expiredCodes && {
      isExpired: (reply) => isExpiryReply(reply) || (reply.status >= 400 && isExpired(reply)),
    }),
  })
}
