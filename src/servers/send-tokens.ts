import type { TokenSet } from '../core/tokens.js'
import type { RefreshRequest } from '../http/refresh-endpoint.js'
import type { TokenNames } from '../http/refresh-reply.js'

type Strings = Record<string, string>
type Send = (tokens: TokenSet) => RefreshRequest | null

/** The tokens that have a name, by that name; `null` where one of them is missing. */
function named({ accessToken, refreshToken }: TokenNames, tokens: TokenSet): Strings | null {
  const fields: Strings = {}
  if (accessToken) fields[accessToken] = tokens.accessToken
  if (refreshToken) {
    if (tokens.refreshToken === undefined) return null
    fields[refreshToken] = tokens.refreshToken
  }
  return fields
}

/** Tokens in headers; the one that is called `Authorization` gets the word `Bearer`. */
export const sendInHeaders =
  (names: TokenNames, headers?: Strings): Send =>
  (tokens) => {
    const fields = named(names, tokens)
    if (!fields) return null
    for (const name in fields) if (/^authorization$/i.test(name)) fields[name] = `Bearer ${fields[name]}`
    return { headers: { ...headers, ...fields } }
  }

/** Tokens as fields of a JSON body. */
export const sendAsJson =
  (names: TokenNames, fields?: Strings, headers?: Strings): Send =>
  (tokens) => {
    const own = named(names, tokens)
    return (
      own && {
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify({ ...fields, ...own }),
      }
    )
  }

export const asForm = (fields: Strings): RefreshRequest => ({
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  body: `${new URLSearchParams(fields)}`,
})
