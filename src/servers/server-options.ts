import { isObject } from '../core/is-object.js'
import { checkOptions, type OptionRule } from '../core/options.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import type { TokenNames } from '../http/refresh-reply.js'
import { type SignOutEndpoint, signOutCall } from './sign-out-endpoint.js'

/** What every protocol takes. For more, spread it: `{ ...simpleJwt({ url }), timing: 'before-expiry' }`. */
export interface ServerOptions {
  /** Of the refresh endpoint: https, or http on this machine; relative to the page where it is no full URL. */
  url: string | URL
  /** Told at sign-out, as far as it can be reached; nobody waits for it. A URL gets the request of a refresh, by POST. */
  signOut?: string | URL | SignOutEndpoint
}

export interface NamedServerOptions extends ServerOptions {
  /** Where the server calls its tokens something else. */
  names?: TokenNames
}

type Rules<T, Common> = Readonly<Record<Exclude<keyof T, keyof Common>, OptionRule>>

/** Looked at with the rest of the endpoint, when it comes to `createSession`. */
const anything: OptionRule = [() => true, '']

export const strings: OptionRule = [
  (value) => isObject(value) && Object.values(value).every((each) => typeof each === 'string'),
  'an object of strings',
]

/** Constant fields of a body. */
export const fields: OptionRule = [
  // RFC 6749 section 2.1.
  (value) => strings[0](value) && !Object.hasOwn(value as object, 'client_secret'),
  'an object of strings, and no client_secret: a browser cannot keep one',
]

export const tokenNames: OptionRule = [
  (names) =>
    isObject(names) &&
    Object.entries(names).every(
      ([token, name]) => /^(access|refresh)Token$/.test(token) && typeof name === 'string' && name !== '',
    ),
  "an object of strings, 'accessToken' and 'refreshToken'",
]

export const string: OptionRule = [(value) => typeof value === 'string' && value !== '', 'a string']

/** Throws a `TypeError` for an option that cannot be meant. */
export const readServerOptions = <T extends ServerOptions>(
  protocol: string,
  options: T,
  rules: Rules<T, ServerOptions>,
): Readonly<T> =>
  checkOptions(protocol, options, { url: anything, signOut: anything, ...rules } as Record<
    keyof T,
    OptionRule
  >)

/** For protocols whose tokens may go by other names. */
export function readNamedOptions<T extends NamedServerOptions>(
  protocol: string,
  options: T,
  defaults: Required<TokenNames>,
  rules: Rules<T, NamedServerOptions>,
): Omit<T, 'names'> & { names: Required<TokenNames> } {
  const checked = readServerOptions<T>(protocol, options, { names: tokenNames, ...rules } as Rules<
    T,
    ServerOptions
  >)
  return { ...checked, names: { ...defaults, ...checked.names } }
}

/** An endpoint whose `signOut` is still an address. */
export type Protocol = Omit<RefreshEndpoint, 'signOut'> & Pick<ServerOptions, 'signOut'>

/** Makes the sign-out call of what a protocol describes. */
export function endpointOf(name: string, { signOut, ...endpoint }: Protocol): RefreshEndpoint {
  return signOut === undefined ? endpoint : { ...endpoint, signOut: signOutCall(name, signOut, endpoint) }
}
