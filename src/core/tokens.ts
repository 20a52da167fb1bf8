import { isDevelopment } from '../development/is-development.js'
import { problemWithToken } from '../development/token-problems.js'
import { authError } from './errors.js'
import { isObject, ownFields } from './own-fields.js'

/** What a sign-in or a refresh brings. */
export interface TokenSet {
  /** A JWT or any opaque token that fits a Bearer header (RFC 6750 section 2.1), without the word "Bearer". */
  accessToken: string
  /** Absent: the one that is there is kept (RFC 6749 section 6). */
  refreshToken?: string
  /** Lifetime of the access token in seconds. Default: read from the JWT; unknown for an opaque token. */
  expiresIn?: number
}

/** The one record that a store keeps. Always written whole. */
export interface StoredTokens {
  readonly version: 1
  /** Made at sign-in: tells one user's session from the next one's. */
  readonly session: string
  /** Counts the session's refreshes. */
  readonly generation: number
  readonly accessToken: string
  readonly refreshToken?: string
  /** Milliseconds since the epoch, by the local clock. */
  readonly receivedAt: number
  /** Milliseconds since the epoch, by the local clock; `null` when only the server knows. */
  readonly expiresAt: number | null
}

/** Which tokens of a session they are, without the tokens. */
export type TokenVersion = Pick<StoredTokens, 'session' | 'generation'>

/** Stands for an access token in an `HttpOnly` cookie. It is stored, and neither sent nor handed out. */
export const cookieMarker = 'cookie'

/** The access token as far as scripts may have it: empty where it is in a cookie. */
export const shownToken = ({ accessToken }: TokenSet): string =>
  accessToken === cookieMarker ? '' : accessToken

const longestToken = 16 * 1024
/** `b64token`, RFC 6750 section 2.1. */
const accessTokenSyntax = /^[\w.~+/-]+=*$/
/** `VSCHAR` without the space, since it must pass through a header (RFC 6749 appendix A.17). */
const refreshTokenSyntax = /^[\x21-\x7e]+$/

const isToken = (value: unknown, syntax: RegExp): value is string =>
  typeof value === 'string' &&
  value.length <= longestToken &&
  syntax.test(value) &&
  !/^(undefined|null)$/.test(value)

const isAccessToken = (value: unknown): value is string => isToken(value, accessTokenSyntax)

/** Whether `value` can pass through a header as a refresh token. */
export const isRefreshToken = (value: unknown): value is string => isToken(value, refreshTokenSyntax)

/** No `Date` can hold an instant much later than these seconds after the epoch (ECMA-262, "Time Values"). */
const mostSeconds = 8e12

/** Seconds as a number or, as some servers send them, as digits. */
export function readSeconds(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
  return typeof seconds === 'number' && seconds >= 0 && seconds < mostSeconds ? seconds : undefined
}

/** Rebuilds a token set field by field; throws `INVALID_TOKENS`, naming the field and never its value. */
export function checkTokens(input: unknown): TokenSet {
  const { accessToken, refreshToken, expiresIn } = ownFields(
    typeof input === 'object' ? (input as Partial<TokenSet>) : {},
  )
  const demand = (isGood: boolean, name: string, value: unknown): void => {
    if (isGood) return
    throw authError(
      'INVALID_TOKENS',
      isDevelopment ? problemWithToken(name, value, longestToken, input) : name,
    )
  }
  demand(isAccessToken(accessToken), 'accessToken', accessToken)
  demand(
    (refreshToken ?? undefined) === undefined || isRefreshToken(refreshToken),
    'refreshToken',
    refreshToken,
  )
  const seconds = readSeconds(expiresIn)
  demand(seconds === (expiresIn ?? undefined) || seconds !== undefined, 'expiresIn', expiresIn)
  return tokenSet(accessToken, refreshToken, seconds)
}

/** A token set without the fields that are absent. What is no refresh token or no lifetime counts as absent. */
export function tokenSet(accessToken: unknown, refreshToken?: unknown, expiresIn?: unknown): TokenSet {
  const set = ownFields({ accessToken } as TokenSet)
  const seconds = readSeconds(expiresIn)
  if (isRefreshToken(refreshToken)) set.refreshToken = refreshToken
  if (seconds !== undefined) set.expiresIn = seconds
  return set
}

/**
 * What a store gave back, rebuilt and never trusted: `null` for nothing or for what no version of this library wrote,
 * `'newer'` for the record of a later version, which is left alone.
 */
export function readStoredTokens(value: unknown): StoredTokens | 'newer' | null {
  if (!isObject(value)) return null
  const { version, session, generation, accessToken, refreshToken, receivedAt, expiresAt } = ownFields(
    value,
  ) as Record<keyof StoredTokens, unknown>
  if (typeof version === 'number' && version > 1) return 'newer'
  const isWellFormed =
    version === 1 &&
    typeof session === 'string' &&
    session.length < 100 &&
    Number.isSafeInteger(generation) &&
    isAccessToken(accessToken) &&
    (refreshToken === undefined || isRefreshToken(refreshToken))
  if (!isWellFormed) return null
  return ownFields({
    version,
    session,
    generation,
    ...tokenSet(accessToken, refreshToken),
    receivedAt: isInstant(receivedAt) ? receivedAt : 0,
    expiresAt: isInstant(expiresAt) ? expiresAt : null,
  } as StoredTokens)
}

const isInstant = (value: unknown): value is number =>
  typeof value === 'number' && value > 0 && value < Infinity

/** Whether both are the same session after the same refresh. A server may issue the same string twice. */
export const isSameVersion = (a: TokenVersion | null, b: TokenVersion | null): boolean =>
  a?.session === b?.session && a?.generation === b?.generation
