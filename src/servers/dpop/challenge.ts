import type { Reply } from '../../http/reply.js'

const longestHeader = 8192
const separators = /[ \t,]*/y
const token = /[\w!#$%&'*+.^`|~-]+/y
const token68 = /[ \t]+[\w.~+/-]+=*(?=[ \t]*(?:,|$))/y
const value = /[ \t]*=[ \t]*(?:"((?:[^"\\]|\\[\s\S])*)"|([\w!#$%&'*+.^`|~-]+))/y

/**
 * The `error` of the DPoP challenge in a `WWW-Authenticate` header (RFC 9449 section 7.1). The header is a list of challenges
 * of any scheme (RFC 9110 section 11.6.1). `undefined` where there is none, or where the header is malformed.
 */
export function dpopErrorOf(header: string | null): string | undefined {
  if (!header || header.length > longestHeader) return undefined
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const match = pattern.exec(header)
    if (match) at = pattern.lastIndex
    return match
  }
  let scheme: string | undefined
  let error: string | undefined
  for (take(separators); at < header.length; take(separators)) {
    const name = take(token)?.[0].toLowerCase()
    if (name === undefined) return undefined
    const pair = take(value)
    if (!pair) {
      scheme = name
      take(token68)
    } else if (scheme === undefined) {
      return undefined
    } else if (scheme === 'dpop' && name === 'error') {
      if (error !== undefined) return undefined
      error = pair[1]?.replace(/\\([\s\S])/g, '$1') ?? pair[2]
    }
  }
  return error
}

/**
 * Whether a reply to a request with a bound token says that the token is no longer good: a 401, unless its challenge names
 * an error that no new token cures.
 */
export function isDpopExpiry({ status, header }: Reply): boolean {
  if (status !== 401) return false
  const error = dpopErrorOf(header('WWW-Authenticate'))
  return error !== 'insufficient_scope' && error !== 'invalid_request'
}
