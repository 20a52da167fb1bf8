import { fieldOf, isObject } from '../../src/core/own-fields.js'
import { isRefreshToken, readSeconds, type TokenSet, tokenSet } from '../../src/core/tokens.js'
import { bareToken } from '../../src/http/refresh-reply.js'
import { parseJson } from '../../src/http/reply.js'
import { fieldAt } from '../../src/servers/tokens-at.js'
import { type Cookie, parseSetCookie } from './cookies.js'
import type { Redactor } from './redactor.js'

/** What a sign-in brought: the tokens, and what the server calls them. */
export interface SignIn {
  tokens: TokenSet
  /** Paths in the JSON, with dots; absent where a token was in a header or a cookie, or nowhere. */
  names: { accessToken?: string; refreshToken?: string }
  cookies: Cookie[]
  body: unknown
}

const accessNames = ['accessToken', 'access_token', 'access', 'token', 'jwt', 'idToken', 'AccessToken']
const refreshNames = ['refreshToken', 'refresh_token', 'refresh', 'RefreshToken']
const lifetimeNames = ['expiresIn', 'expires_in', 'ExpiresIn']

/**
 * Reads a reply as `curl -i` prints it, or its JSON alone. Returns a sentence where it cannot be one. All strings in it are
 * hidden from then on, since any of them may be a token.
 */
export function readSignIn(text: string, redactor: Redactor): SignIn | string {
  const { headers, body: bodyText } = splitHttp(text.trim())
  const body = parseJson(bodyText)
  if (bodyText !== '' && !isObject(body)) {
    return 'Standard input is not JSON: pass the body of a sign-in reply, or all of it as `curl -i` prints it'
  }
  const cookies = headers.getSetCookie().map(parseSetCookie)
  for (const { value } of cookies) redactor.hide(value)

  const names: SignIn['names'] = {}
  const accessPath = pathOf(body, accessNames)
  const besides = accessPath?.includes('.') ? accessPath.slice(0, accessPath.lastIndexOf('.') + 1) : ''
  const refreshPath = pathOf(body, refreshNames, besides)
  if (accessPath !== undefined) names.accessToken = accessPath
  if (refreshPath !== undefined) names.refreshToken = refreshPath

  const accessToken =
    fieldAt(body, accessPath) ??
    bareToken(headers.get('Authorization')) ??
    bareToken(headers.get('X-Access-Token')) ??
    ''
  const refreshToken =
    fieldAt(body, refreshPath) ??
    bareToken(
      headers.get('Refresh') ?? headers.get('X-Refresh-Token') ?? headers.get('Authorization-refresh'),
    )
  const seconds = lifetimeNames
    .flatMap((name) => [fieldAt(body, besides + name), fieldAt(body, name)])
    .map(readSeconds)
    .find((value) => value !== undefined)
  for (const token of [accessToken, refreshToken]) if (typeof token === 'string') redactor.hide(token)
  hideLongStrings(body, redactor)
  if (accessToken === '' && !isRefreshToken(refreshToken) && cookies.length === 0) {
    return 'Standard input contains no token: no field such as accessToken or refresh_token, no header, no cookie'
  }
  return { tokens: tokenSet(accessToken, refreshToken, seconds), names, cookies, body }
}

/** The last header block, since redirects and proxies put theirs before it. */
function splitHttp(text: string): { headers: Headers; body: string } {
  const headers = new Headers()
  let rest = text
  let block = ''
  while (/^HTTP\/[\d.]+ \d{3}/.test(rest)) {
    const end = /\r?\n\r?\n/.exec(rest)
    block = rest.slice(0, end?.index ?? rest.length)
    rest = end ? rest.slice(end.index + end[0].length) : ''
  }
  for (const line of block.split(/\r?\n/).slice(1)) {
    const at = line.indexOf(':')
    try {
      if (at > 0) headers.append(line.slice(0, at).trim(), line.slice(at + 1).trim())
    } catch {
      // No header, then.
    }
  }
  return { headers, body: rest.trim() }
}

/** Where a string of one of these names is: at the top, or in an object there, or in one within. */
function pathOf(body: unknown, names: string[], first = ''): string | undefined {
  const isThere = (path: string): boolean =>
    typeof fieldAt(body, path) === 'string' && fieldAt(body, path) !== ''
  const here = names.map((name) => first + name).find(isThere)
  if (here !== undefined) return here
  for (const prefix of ['', ...objectsIn(body)]) {
    const found = names.map((name) => prefix + name).find(isThere)
    if (found !== undefined) return found
  }
  return undefined
}

function objectsIn(value: unknown, prefix = '', depth = 2): string[] {
  if (!isObject(value) || Array.isArray(value) || depth === 0) return []
  const inner = Object.keys(value).filter((name) => isObject(fieldOf(value, name)) && !name.includes('.'))
  return [
    ...inner.map((name) => `${prefix}${name}.`),
    ...inner.flatMap((name) => objectsIn(fieldOf(value, name), `${prefix}${name}.`, depth - 1)),
  ]
}

/** A reply may have more tokens than those in use: an ID token, one for a CSRF header. Addresses are none. */
export function hideLongStrings(value: unknown, redactor: Redactor): void {
  if (typeof value === 'string' && value.length >= 16 && !/\s|@|:\/\//.test(value)) redactor.hide(value)
  if (isObject(value)) for (const each of Object.values(value)) hideLongStrings(each, redactor)
}
