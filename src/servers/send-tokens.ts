import { ownFields } from '../core/own-fields.js'
import type { TokenSet } from '../core/tokens.js'
import type { RefreshRequest } from '../http/refresh-endpoint.js'
import type { TokenNames } from '../http/refresh-reply.js'

type Strings = Record<string, string>
type Send = (tokens: TokenSet) => RefreshRequest | null

/** The tokens that have a name, each by its name; `null` where one of these tokens is missing. */
function namedTokens(names: TokenNames, tokens: TokenSet): [name: string, token: string][] | null {
  const { accessToken, refreshToken } = ownFields(names)
  if (refreshToken && tokens.refreshToken === undefined) return null
  const pairs = [
    [accessToken, tokens.accessToken],
    [refreshToken, tokens.refreshToken],
  ]
  return pairs.filter(([name]) => name) as [string, string][]
}

/** Later headers replace earlier ones, in whatever case their names are written: `Headers` would join the values. */
export const mergeHeaders = (...entries: [string, string][]): Strings =>
  Object.fromEntries(new Map(entries.map((entry) => [entry[0].toLowerCase(), entry])).values())

/** Sends tokens in headers. A token in `Authorization` gets the word `Bearer`. */
export function sendInHeaders(names: TokenNames, headers: Strings = {}): Send {
  const constant = Object.entries(headers)
  return (tokens) => {
    const named = namedTokens(names, tokens)
    return (
      named && {
        headers: mergeHeaders(
          ...constant,
          ...named.map(([name, token]): [string, string] => [
            name,
            /^authorization$/i.test(name) ? `Bearer ${token}` : token,
          ]),
        ),
      }
    )
  }
}

/** Sends tokens as fields of a JSON body. Of a name with dots, which is a path in the reply, the last part is the field. */
export function sendAsJson(names: TokenNames, fields: Strings = {}, headers: Strings = {}): Send {
  const constant = Object.entries(fields)
  const allHeaders = mergeHeaders(['Content-Type', 'application/json'], ...Object.entries(headers))
  return (tokens) => {
    const named = namedTokens(names, tokens)
    if (!named) return null
    const own = named.map(([name, token]) => [name.slice(name.lastIndexOf('.') + 1), token])
    return { headers: allHeaders, body: JSON.stringify(Object.fromEntries([...constant, ...own])) }
  }
}

/** A request with a form as its body. */
export const formRequest = (fields: Strings): RefreshRequest => ({
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  body: `${new URLSearchParams(fields)}`,
})
