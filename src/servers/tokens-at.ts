import { fieldOf, ownFields } from '../core/own-fields.js'
import type { TokenSet } from '../core/tokens.js'
import { tokenSet } from '../core/tokens.js'
import { isDevelopment } from '../development/is-development.js'
import { checkReaderOptions, textRule } from '../development/server-options.js'
import type { Reply } from '../http/reply.js'

/** Where the tokens are in the JSON of a reply: names of fields, with dots into nested objects. */
export interface TokenPlaces {
  accessToken: string
  refreshToken?: string
  /** The lifetime of the access token in seconds. */
  expiresIn?: string
  /** The lifetime of the access token in milliseconds. */
  expiresInMs?: string
  /**
   * When the access token expires: a date, or seconds or milliseconds since 1970. It is compared with the clock of the device;
   * a date without a time zone counts in that of the device.
   */
  expiresAt?: string
}

/** Finds the tokens in a reply; `null` where there is none. */
export type TokenReader = (reply: Reply) => TokenSet | null

/**
 * Makes the `parse` of an endpoint that no protocol of this module fits:
 *
 * ```ts
 * createSession({
 *   refresh: {
 *     url: '/auth/next-token',
 *     send: ({ refreshToken }) =>
 *       refreshToken === undefined ? null : { headers: { 'X-Ticket': refreshToken } },
 *     parse: tokensAt({ accessToken: 'result.jwt', refreshToken: 'result.ticket' }),
 *   },
 * })
 * ```
 *
 * @throws {TypeError} for a place that cannot be meant
 */
export function tokensAt(places: TokenPlaces): TokenReader {
  if (isDevelopment) checkPlaces(places)
  const { accessToken, refreshToken, expiresIn, expiresInMs, expiresAt } = ownFields(places)
  return ({ status, body }) => {
    const found = fieldAt(body, accessToken) ?? undefined
    if (status >= 300 || found === undefined) return null
    const ms = fieldAt(body, expiresInMs)
    return tokenSet(
      found,
      fieldAt(body, refreshToken),
      typeof ms === 'number'
        ? ms / 1000
        : (fieldAt(body, expiresIn) ?? secondsUntil(fieldAt(body, expiresAt), Date.now())),
    )
  }
}

/** No instant of today is less in milliseconds, or more in seconds. */
const leastMs = 1e11

/** As lifetimes are counted. An instant that has passed is not believed: it is the clock of the device that is wrong. */
function secondsUntil(instant: unknown, now: number): number | undefined {
  const isNumber = typeof instant === 'number' || /^\d+$/.test(String(instant))
  const number = isNumber ? Number(instant) : Number.NaN
  // Not all browsers read a date whose time comes after a space.
  const ms = isNumber
    ? number * (number < leastMs ? 1000 : 1)
    : Date.parse(String(instant).replace(/^([\d-]{10}) /, '$1T'))
  return ms > now ? (ms - now) / 1000 : undefined
}

/** The field at a path of names and dots. */
export const fieldAt = (body: unknown, path: string | undefined): unknown =>
  path?.split('.').reduce(fieldOf, body)

function checkPlaces(places: TokenPlaces): void {
  const rules = {
    accessToken: textRule,
    refreshToken: textRule,
    expiresIn: textRule,
    expiresInMs: textRule,
    expiresAt: textRule,
  }
  if (isDevelopment) checkReaderOptions('tokensAt', places, rules, ['accessToken'])
}
