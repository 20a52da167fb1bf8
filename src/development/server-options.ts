import { isObject, ownFields } from '../core/own-fields.js'
import type { TokenSet } from '../core/tokens.js'
import type { RefreshRequest } from '../http/refresh-endpoint.js'
import type { TokenNames } from '../http/refresh-reply.js'
import type { ServerOptions } from '../servers/server-options.js'
import { checkOptions, type OptionRule } from './check-options.js'

/** A `token` of RFC 9110 section 5.6.2. No page can set the header `Cookie`. */
const headerName = /^(?!cookie$)[\w!#$%&'*+.^`|~-]+$/i
/** A `field-value` of RFC 9110 section 5.5. */
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
const isHeaderName = (value: unknown): boolean => typeof value === 'string' && headerName.test(value)

const isRecord = (value: unknown, isEntry: (name: string, value: unknown) => boolean): boolean =>
  isObject(value) &&
  !Array.isArray(value) &&
  Object.entries(value).every(([name, each]) => isEntry(name, each))

const isOptional = (value: unknown, type: 'string' | 'function'): boolean =>
  value === undefined || typeof value === type

export const textRule: OptionRule = [isText, 'a string that is not empty']

/** Throws a `TypeError` for what cannot be a header with a word before its value. */
export function checkHeaderName(caller: string, name: unknown, scheme: unknown): void {
  if (!isHeaderName(name))
    throw new TypeError(`${caller} takes the name of a header, such as 'x-access-token'`)
  if (scheme !== undefined && !isHeaderName(scheme))
    throw new TypeError(`${caller} takes one word that comes before the token, such as 'JWT'`)
}

export const headersRule: OptionRule = [
  (headers) =>
    isRecord(
      headers,
      (name, value) => isHeaderName(name) && typeof value === 'string' && headerValue.test(value),
    ),
  'an object of headers, without Cookie',
]

/** Constant fields of a body. A client secret is refused by RFC 6749 section 2.1. */
export const fieldsRule = (...taken: string[]): OptionRule => [
  (fields) =>
    isRecord(
      fields,
      (name, value) => typeof value === 'string' && name !== 'client_secret' && !taken.includes(name),
    ),
  `an object of strings, without ${[...taken, 'client_secret'].join(', ')}: a browser cannot keep a secret`,
]

/** Makes the rule for the names of the tokens that are in `defaults`. */
type NamesRule = (defaults: TokenNames) => OptionRule

/** No two names may be alike, because one token would overwrite the other. */
const namesRule =
  (isName: (value: unknown) => boolean, takes: string): NamesRule =>
  (defaults) => [
    (names) => {
      if (!isRecord(names, (token, name) => Object.hasOwn(defaults, token) && isName(name))) return false
      const all = Object.values({ ...defaults, ...(names as TokenNames) }).map((name) => name.toLowerCase())
      return new Set(all).size === all.length
    },
    `an object with ${takes} for ${Object.keys(defaults).join(' and ')}; no two may be alike`,
  ]

export const headerNamesRule: NamesRule = namesRule(isHeaderName, 'the name of a header')
export const fieldNamesRule: NamesRule = namesRule(isText, 'the name of a field')

export const csrfRule: OptionRule = [
  (csrf) => {
    if (!isRecord(csrf, (name) => name === 'header' || name === 'from')) return false
    const { header, from } = ownFields(csrf as { header?: unknown; from?: unknown })
    return isHeaderName(header) && (isText(from) || typeof from === 'function')
  },
  "an object with 'header', the name of a header, and 'from', the name of a cookie or a function",
]

export const codesRule: OptionRule = [
  (codes) => Array.isArray(codes) && codes.every((code) => /^(string|number)$/.test(typeof code)),
  'a list of strings and numbers',
]

const signOutRule: OptionRule = [
  (signOut) => {
    // URLs are checked where the call is made, in the production build too.
    if (typeof signOut === 'string' || signOut instanceof URL) return true
    if (!isRecord(signOut, (name) => /^(url|method|send)$/.test(name))) return false
    const { method = 'POST', send } = ownFields(signOut as { method?: unknown; send?: unknown })
    return /^(POST|GET|DELETE)$/.test(String(method)) && isOptional(send, 'function')
  },
  "a URL, or an object with url, method ('POST', 'GET' or 'DELETE') and send, a function",
]

/**
 * A GET has no body, and without the body the server would not know whom to sign out.
 *
 * @param send the protocol's own request
 */
export function checkSignOutRequest(
  protocol: string,
  send: (tokens: TokenSet) => RefreshRequest | null,
): void {
  let body: string | undefined
  try {
    body = send({ accessToken: 'access', refreshToken: 'refresh' })?.body
  } catch {
    // The call itself says what is wrong.
  }
  if (body === undefined) return
  throw new TypeError(
    `${protocol}: with method 'GET', signOut needs its own send, because a refresh request has a body and a GET cannot have one`,
  )
}

/** `url` is checked with the rest of the endpoint, by `createSession`. */
const urlRule: OptionRule = [() => true, 'a URL']

type OwnRules<T> = Readonly<Record<Exclude<keyof T, keyof ServerOptions>, OptionRule>>

/**
 * Checks the options of a protocol.
 *
 * @throws {TypeError} for an option that cannot be meant, naming it and what it takes
 */
export function checkServerOptions<T extends ServerOptions>(
  protocol: string,
  options: T,
  rules: OwnRules<T>,
  required: readonly (keyof T & string)[] = [],
): void {
  const all = { url: urlRule, signOut: signOutRule, ...rules } as Record<keyof T, OptionRule>
  checkRequired(protocol, checkOptions(protocol, options, all), all, required)
}

/** Checks the options of a reader. */
export function checkReaderOptions<T extends object>(
  reader: string,
  options: T,
  rules: Readonly<Record<keyof T, OptionRule>>,
  required: readonly (keyof T & string)[] = [],
): void {
  checkRequired(reader, checkOptions(reader, options, rules), rules, required)
}

function checkRequired<T extends object>(
  caller: string,
  options: T,
  rules: Readonly<Record<keyof T, OptionRule>>,
  required: readonly (keyof T & string)[],
): void {
  for (const name of required) {
    if (options[name] === undefined) throw new TypeError(`${caller}: ${name} takes ${rules[name][1]}`)
  }
}
