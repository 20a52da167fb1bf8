import type { TokenSet } from '../core/tokens.js'
import { bareToken, tokenSet } from '../http/refresh-reply.js'
import type { Reply } from '../http/reply.js'
import type { TokenNames } from './server-options.js'
import type { TokenReader } from './tokens-at.js'

const inHeaders = (
  { header }: Reply,
  { accessToken = 'Authorization', refreshToken }: TokenNames,
): TokenSet | null => {
  const found = bareToken(header(accessToken))
  return found ? tokenSet(found, refreshToken ? bareToken(header(refreshToken)) : undefined, undefined) : null
}

/**
 * A `parse` for servers that put tokens into headers, with or without the word `Bearer`. Across origins the page sees only
 * those that the server names in `Access-Control-Expose-Headers`.
 */
export const tokensInHeaders =
  (names: TokenNames = {}): TokenReader =>
  (reply) =>
    reply.status < 300 ? inHeaders(reply, names) : null

/** A `parseAny` for the same: such servers have renewed before the API is asked, whatever it says then. */
export const tokensOnAnyReply =
  (names: TokenNames = {}): TokenReader =>
  (reply) =>
    inHeaders(reply, names)
