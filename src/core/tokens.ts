import { AuthError } from './errors.js'
import { isObject } from './is-object.js'
import { ownFields } from './own-fields.js'

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
  /** Counts the session's renewals. */
  readonly generation: number
  readonly accessToken: string
  readonly refreshToken?: string
  /** Milliseconds since the epoch, by the local clock. */
  readonly receivedAt: number
  /** Milliseconds since the epoch, by the local clock; `null` when only the server knows. */
  readonly expiresAt: number | null
}

const maxTokenLength = 16 * 1024
/** `b64token`, RFC 6750 section 2.1. */
const accessTokenSyntax = /^[\w.~+/-]+=*$/
/** `VSCHAR` without the space, for it must pass through a header (RFC 6749 appendix A.17). */
const refreshTokenSyntax = /^[\x21-\x7e]+$/

function problemWith(token: unknown, syntax: RegExp): string | undefined {
  if (typeof token !== 'string') return `is ${token === null ? 'null' : typeof token}; it must be a string`
  if (token.length > maxTokenLength) return `is longer than ${maxTokenLength} characters`
  if (/^(undefined|null)$/.test(token)) return `is the word "${token}"`
  if (!syntax.test(token))
    return 'has characters that no token has; give the bare token, without "Bearer " or quotes'
  return undefined
}

/** Whether `value` can pass through a header as a refresh token. */
export const isRefreshToken = (value: unknown): value is string => !problemWith(value, refreshTokenSyntax)

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
  const absent = refreshToken === undefined || refreshToken === null
  const problem =
    prefix('accessToken', problemWith(accessToken, accessTokenSyntax)) ??
    (absent ? undefined : prefix('refreshToken', problemWith(refreshToken, refreshTokenSyntax))) ??
    (expiresIn === undefined || expiresIn === null || readSeconds(expiresIn) !== undefined
      ? undefined
      : 'expiresIn must be a number of seconds')
  if (problem) throw new AuthError('INVALID_TOKENS', problem)
  const seconds = readSeconds(expiresIn)
  return ownFields({
    accessToken: accessToken as string,
    ...(absent ? undefined : { refreshToken }),
    ...(seconds === undefined ? undefined : { expiresIn: seconds }),
  })
}

const prefix = (name: string, problem: string | undefined): string | undefined =>
  problem && `${name} ${problem}`

/**
 * What a store gave back, rebuilt and never trusted: `null` for nothing or for what no version of this library wrote,
 * `'newer'` for the record of a later version, which is left alone.
 */
export function readStoredTokens(value: unknown): StoredTokens | 'newer' | null {
  if (!isObject(value)) return null
  const own = ownFields(value) as Record<keyof StoredTokens, unknown>
  if (typeof own.version === 'number' && own.version > 1) return 'newer'
  const { session, generation, accessToken, refreshToken, receivedAt, expiresAt } = own
  const wellFormed =
    own.version === 1 &&
    typeof session === 'string' &&
    session.length < 100 &&
    Number.isSafeInteger(generation) &&
    !problemWith(accessToken, accessTokenSyntax) &&
    (refreshToken === undefined || isRefreshToken(refreshToken))
  if (!wellFormed) return null
  return ownFields<StoredTokens>({
    version: 1,
    session: session as string,
    generation: generation as number,
    accessToken: accessToken as string,
    ...(refreshToken === undefined ? undefined : { refreshToken }),
    receivedAt: isInstant(receivedAt) ? receivedAt : 0,
    expiresAt: isInstant(expiresAt) ? expiresAt : null,
  })
}

const isInstant = (value: unknown): value is number =>
  typeof value === 'number' && value > 0 && value < Infinity

export const isSameRenewal = (a: StoredTokens | null, b: StoredTokens | null): boolean =>
  a?.session === b?.session && a?.generation === b?.generation
