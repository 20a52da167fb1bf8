import { ownFields } from '../core/own-fields.js'
import { tokenSet } from '../core/tokens.js'
import { isDevelopment } from '../development/is-development.js'
import { checkReaderOptions, headerNamesRule } from '../development/server-options.js'
import { bareToken, type TokenNames } from '../http/refresh-reply.js'
import type { TokenReader } from './tokens-at.js'

/**
 * Makes the `parse` of an endpoint whose replies have tokens in headers, with or without the word `Bearer`. Across origins
 * the page sees only the headers that the server names in `Access-Control-Expose-Headers`.
 *
 * @throws {TypeError} for a name that cannot be meant
 */
export function tokensInHeaders(names: TokenNames = {}): TokenReader {
  if (isDevelopment) checkNames(names)
  const read = tokensInAnyReply(names)
  return (reply) => (reply.status < 300 ? read(reply) : null)
}

/** Makes an `onReply` for the same headers: such a server refreshes before the route is called, whatever its status. */
export function tokensInAnyReply(names: TokenNames = {}): TokenReader {
  const { accessToken = 'Authorization', refreshToken } = ownFields(names)
  return ({ header }) => {
    const found = bareToken(header(accessToken))
    if (!found) return null
    return tokenSet(found, refreshToken ? bareToken(header(refreshToken)) : undefined, undefined)
  }
}

function checkNames(names: TokenNames): void {
  const rule = headerNamesRule({ accessToken: 'Authorization', refreshToken: '' })
  if (isDevelopment) checkReaderOptions('tokensInHeaders', { names }, { names: rule })
}
