import { isExpiryReply } from '../http/challenge.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { fieldOf, type Reply } from '../http/reply.js'
import { sendAsJson } from './send-tokens.js'
import { endpointOf, type NamedServerOptions, readNamedOptions } from './server-options.js'
import { tokensAt } from './tokens-at.js'

/** @inline */
type Code = string | number

export interface SpringReissueOptions extends NamedServerOptions {
  /** Values of `code` or `errorCode` that end the session, whatever the status: `['INVALID_REFRESH_TOKEN', 40102]`. */
  endedCodes?: readonly Code[]
  /** Those by which the API says that the access token has expired, where it does not say so by a 401. */
  expiredCodes?: readonly Code[]
}

/** What Spring back ends wrap their replies in, or nothing. */
const wrappers = ['', 'data.', 'result.', 'response.']

const listOfCodes = [Array.isArray, 'a list of codes'] as const

/** Some send their codes as numbers, some as strings of digits. */
const hasCode = ({ body }: Reply, codes: readonly Code[]): boolean =>
  ['code', 'errorCode'].some((field) => codes.map(String).includes(String(fieldOf(body, field))))

/**
 * Spring back ends that take both tokens in the body, with or without a wrapper (`data`, `result`, `response`) around what
 * they answer.
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
  const defaults = { accessToken: 'accessToken', refreshToken: 'refreshToken' }
  const rules = { endedCodes: listOfCodes, expiredCodes: listOfCodes }
  const checked = readNamedOptions('springReissue', options, defaults, rules)
  const { endedCodes = [], expiredCodes, names, ...rest } = checked
  const { accessToken, refreshToken } = names
  const readers = wrappers.map((wrapper) =>
    tokensAt({ accessToken: wrapper + accessToken, refreshToken: wrapper + refreshToken }),
  )
  return endpointOf('springReissue', {
    ...rest,
    send: sendAsJson(names),
    parse(reply) {
      for (const read of readers) {
        const found = read(reply)
        if (found) return found
      }
      return null
    },
    classify: (reply) => (hasCode(reply, endedCodes) ? 'ended' : undefined),
    ...(expiredCodes && {
      isExpired: (reply) => isExpiryReply(reply) || (reply.status >= 400 && hasCode(reply, expiredCodes)),
    }),
  })
}
