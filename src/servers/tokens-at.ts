import { checkOptions } from '../core/options.js'
import type { TokenSet } from '../core/tokens.js'
import { tokenSet } from '../http/refresh-reply.js'
import { fieldOf, type Reply } from '../http/reply.js'
import { string } from './server-options.js'

/** Where the tokens are in the JSON of a reply: names of fields, with dots into nested objects. */
export interface TokenPlaces {
  accessToken: string
  refreshToken?: string
  /** Of the lifetime of the access token in seconds. */
  expiresIn?: string
  /** Of the same in milliseconds. */
  expiresInMs?: string
}

export type TokenReader = (reply: Reply) => TokenSet | null

/**
 * A `parse` for a server that no protocol of this module fits:
 *
 * ```ts
 * createSession({
 *   refresh: {
 *     url: '/auth/renew',
 *     send: ({ refreshToken = '' }) => ({ headers: { 'X-Renewal': refreshToken } }),
 *     parse: tokensAt({ accessToken: 'result.jwt', refreshToken: 'result.renewal' }),
 *   },
 * })
 * ```
 *
 * @throws {TypeError} for a place that cannot be meant
 */
export function tokensAt(places: TokenPlaces): TokenReader {
  const { accessToken, refreshToken, expiresIn, expiresInMs } = checkOptions('tokensAt', places, {
    accessToken: string,
    refreshToken: string,
    expiresIn: string,
    expiresInMs: string,
  })
  return ({ status, body }) => {
    const at = (place: string | undefined): unknown => place?.split('.').reduce(fieldOf, body)
    const found = at(accessToken) ?? undefined
    if (status >= 300 || found === undefined) return null
    const ms = at(expiresInMs)
    return tokenSet(found, at(refreshToken), typeof ms === 'number' ? ms / 1000 : at(expiresIn))
  }
}
