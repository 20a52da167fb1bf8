import { checkOptions } from '../core/options.js'
import { bareToken, type TokenNames, tokenSet } from '../http/refresh-reply.js'
import { string } from './server-options.js'
import type { TokenReader } from './tokens-at.js'

function readerOf(names: TokenNames, mayHold: (status: number) => boolean): TokenReader {
  const { accessToken = 'Authorization', refreshToken } = checkOptions('tokensInHeaders', names, {
    accessToken: string,
    refreshToken: string,
  })
  return ({ status, header }) => {
    const found = mayHold(status) && bareToken(header(accessToken))
    if (!found) return null
    return tokenSet(found, refreshToken ? bareToken(header(refreshToken)) : undefined, undefined)
  }
}

/**
 * A `parse` for servers that put tokens into headers, with or without the word `Bearer`. Across origins the page sees only
 * those that the server names in `Access-Control-Expose-Headers`.
 *
 * @throws {TypeError} for a name that cannot be meant
 */
export const tokensInHeaders = (names: TokenNames = {}): TokenReader =>
  readerOf(names, (status) => status < 300)

/** An `onReply` for the same: such servers have renewed before the API is asked, whatever it says then. */
export const tokensOnAnyReply = (names: TokenNames = {}): TokenReader => readerOf(names, () => true)
