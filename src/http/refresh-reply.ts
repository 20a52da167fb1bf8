import { AuthError, type AuthErrorCode, isAuthError } from '../core/errors.js'
import { isObject } from '../core/is-object.js'
import type { Renewal } from '../core/refresh-coordinator.js'
import { checkTokens, isRefreshToken, readSeconds, type TokenSet } from '../core/tokens.js'
import { fieldOf, type Reply } from './reply.js'

/** A reply of the refresh endpoint. */
export type RefreshReply = Reply

/** What a reply without a token means. Only `ended` ends the session. */
export type RefreshVerdict = 'ended' | 'not-due' | 'retry' | 'misconfigured'

/** How to read replies, where the defaults do not do. */
export interface ReplyReading {
  parse?: (reply: RefreshReply) => TokenSet | null
  classify?: (reply: RefreshReply) => RefreshVerdict | undefined
}

/** Names of headers or JSON fields. */
export interface TokenNames {
  accessToken?: string
  refreshToken?: string
}

/** Headers hold tokens with or without the word. */
export const bareToken = (header: string | null): string | undefined =>
  header?.replace(/^Bearer +/i, '') || undefined

/**
 * The tokens in a reply: at the top level of its JSON or under `data`, in camelCase or snake_case, or in its headers.
 * What is no refresh token or no lifetime counts as absent, so that the one in hand is kept.
 */
export function findTokens({ header, body }: Reply, names: TokenNames = {}): TokenSet | null {
  for (const place of [body, fieldOf(body, 'data')]) {
    const accessToken = fieldOf(place, 'accessToken') ?? fieldOf(place, 'access_token')
    if (accessToken === undefined) continue
    const type = fieldOf(place, 'token_type') ?? fieldOf(place, 'tokenType') ?? 'bearer'
    // A token of a type we do not understand must not be used (RFC 6749 section 7.1).
    if (typeof type !== 'string' || type.toLowerCase() !== 'bearer') return null
    return tokenSet(
      accessToken,
      fieldOf(place, 'refreshToken') ?? fieldOf(place, 'refresh_token'),
      fieldOf(place, 'expiresIn') ?? fieldOf(place, 'expires_in'),
    )
  }
  const accessToken = bareToken(header(names.accessToken || 'Authorization'))
  return accessToken
    ? tokenSet(accessToken, bareToken(header(names.refreshToken || 'Refresh')), undefined)
    : null
}

/** What is no refresh token or no lifetime counts as absent. */
export function tokenSet(accessToken: unknown, refreshToken: unknown, expiresIn: unknown): TokenSet {
  const seconds = readSeconds(expiresIn)
  return {
    accessToken: accessToken as string,
    ...(isRefreshToken(refreshToken) ? { refreshToken } : undefined),
    ...(seconds === undefined ? undefined : { expiresIn: seconds }),
  }
}

/** What an app's own parser gives, read with the same patience. One that is async is not meant, but must not reject unheard. */
function parseBy(parse: NonNullable<ReplyReading['parse']>, reply: Reply): TokenSet | null {
  const found = parse(reply)
  Promise.resolve(found).catch(() => {})
  return (
    found &&
    tokenSet(fieldOf(found, 'accessToken'), fieldOf(found, 'refreshToken'), fieldOf(found, 'expiresIn'))
  )
}

/** The `error` of RFC 6749 section 5.2, where it is one. */
export function oauthErrorOf(body: unknown): string | undefined {
  const error = fieldOf(body, 'error')
  return typeof error === 'string' && /^[\x20-\x7e]{1,100}$/.test(error) ? error : undefined
}

function classifyByDefault({ status, body }: Reply): RefreshVerdict {
  if (oauthErrorOf(body) === 'invalid_grant') return 'ended'
  if (status < 300 || [408, 425, 429].includes(status) || status >= 500) return 'retry'
  const text =
    fieldOf(body, 'message') ?? fieldOf(body, 'error') ?? fieldOf(body, 'msg') ?? fieldOf(body, 'detail')
  if (status === 400 && typeof text === 'string' && /not (yet )?expired/i.test(text)) return 'not-due'
  if (status === 401 || (status === 403 && isObject(body))) return 'ended'
  return status === 403 && !isObject(body) ? 'retry' : 'misconfigured'
}

/** Seconds or an HTTP date (RFC 9110 section 10.2.3). */
function retryAfterOf({ header }: Reply, now: number): number | undefined {
  const value = header('Retry-After') ?? ''
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : /GMT$/.test(value) ? Date.parse(value) - now : 0
  return ms > 0 ? ms : undefined
}

/** Their names, and those in objects among them after a dot. */
const fieldsOf = (body: unknown, depth = 1): string[] =>
  isObject(body) && !Array.isArray(body)
    ? Object.keys(body)
        .filter((name) => /^\w{1,30}$/.test(name))
        .flatMap((name) => {
          const inner = depth ? fieldsOf(fieldOf(body, name), 0) : []
          return inner.length ? inner.map((each) => `${name}.${each}`) : name
        })
    : []

/** What a person needs to mend the set-up: never a value, for it may be a token. */
export function describeReply({ status, header, body }: Reply): string {
  const fields = fieldsOf(body).slice(0, 20).join(', ')
  const type = /^[\w.+/-]{1,60}/.exec(header('Content-Type') ?? '')?.[0] ?? 'no content type'
  return `status ${status}, ${type}, ${fields ? `fields: ${fields}` : 'no JSON object'}`
}

export function judgeReply(reply: RefreshReply, reading: ReplyReading, now: number): Renewal {
  const { status, body } = reply
  const errorOf = (code: AuthErrorCode, what: string, cause?: unknown): AuthError =>
    new AuthError(code, `${what}: ${describeReply(reply)}`, { status, oauthError: oauthErrorOf(body), cause })
  const retry = (what: string, cause?: unknown): Renewal => ({
    kind: 'retry',
    error: errorOf('REFRESH_FAILED', what, cause),
    retryAfterMs: retryAfterOf(reply, now),
    isSpent: status < 300,
  })
  let verdict: RefreshVerdict
  try {
    const tokens = reading.parse ? parseBy(reading.parse, reply) : status < 300 ? findTokens(reply) : null
    if (tokens) return { kind: 'renewed', tokens: checkTokens(tokens) }
    verdict = reading.classify?.(reply) ?? classifyByDefault(reply)
    // An async one is not meant, but must not reject unheard.
    Promise.resolve(verdict).catch(() => {})
  } catch (error) {
    if (isAuthError(error, 'REFRESH_REFUSED')) return { kind: 'misconfigured', error }
    // Not as the cause: what an app's own parser throws may quote the reply.
    return retry('The refresh reply cannot be used', isAuthError(error) ? error : undefined)
  }
  switch (verdict) {
    case 'not-due':
      return { kind: verdict }
    case 'ended':
      return { kind: verdict, error: errorOf('SESSION_EXPIRED', 'The server refused the refresh token') }
    case 'misconfigured':
      return { kind: verdict, error: errorOf('REFRESH_REFUSED', 'The refresh request was refused') }
    default:
      return retry('The refresh brought no token')
  }
}
