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
  const { accessToken, refreshToken, expiresIn, expiresInMs } = ownFields(places)
  return ({ status, body }) => {
    const found = fieldAt(body, accessToken) ?? undefined
    if (status >= 300 || found === undefined) return null
    const ms = fieldAt(body, expiresInMs)
    return tokenSet(
      found,
      fieldAt(body, refreshToken),
      typeof ms === 'number' ? ms / 1000 : fieldAt(body, expiresIn),
    )
  }
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
  }
  if (isDevelopment) checkReaderOptions('tokensAt', places, rules, ['accessToken'])
}
