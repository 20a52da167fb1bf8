import { bareToken, tokenSet } from '../http/refresh-reply.js'
import type { TokenNames } from './server-options.js'
import type { TokenReader } from './tokens-at.js'

/**
 * A `parse` for servers that put tokens into headers, with or without the word `Bearer`. Across origins the page sees only
 * those that the server names in `Access-Control-Expose-Headers`.
 */
export const tokensInHeaders =
  ({ accessToken = 'Authorization', refreshToken }: TokenNames = {}): TokenReader =>
  ({ status, header }) => {
    const found = status < 300 && bareToken(header(accessToken))
    return found
      ? tokenSet(found, refreshToken ? bareToken(header(refreshToken)) : undefined, undefined)
      : null
  }
