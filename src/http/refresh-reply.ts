import { type AuthErrorCode, authError, isAuthError } from '../core/errors.js'
import { fieldOf, isObject, ownFields } from '../core/own-fields.js'
import type { RefreshOutcome } from '../core/refresh-outcome.js'
import { checkTokens, isRefreshToken, type TokenSet, tokenSet } from '../core/tokens.js'
import { unheard } from '../core/unheard.js'
import { describeReply } from '../development/describe-reply.js'
import { isDevelopment } from '../development/is-development.js'
import type { Reply } from './reply.js'

/** A reply of the refresh endpoint. */
export type RefreshReply = Reply

/** What a reply without a token means. Only `ended` ends the session. */
export type RefreshVerdict = 'ended' | 'not-due' | 'retry' | 'misconfigured'

/** How to read replies, where the defaults do not fit. */
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
  header?.replace(/^Bearer( +|$)/i, '') || undefined

/**
 * The tokens in a reply: at the top level of its JSON or under `data`, in camelCase or snake_case, or in its headers.
 * What is no refresh token or no lifetime counts as absent, so that the one in hand is kept.
 */
export function findTokens({ header, body }: Reply, given?: TokenNames): TokenSet | null {
  const names = ownFields<TokenNames>(given)
  for (const place of [body, fieldOf(body, 'data')]) {
    const either = (camel: string, snake: string): unknown => fieldOf(place, camel) ?? fieldOf(place, snake)
    const accessToken = either('accessToken', 'access_token')
    if (accessToken === undefined) continue
    const type = either('tokenType', 'token_type') ?? 'bearer'
    // A token of a type that is not understood must not be used (RFC 6749 section 7.1).
    if (typeof type !== 'string' || type.toLowerCase() !== 'bearer') return null
    return tokenSet(accessToken, either('refreshToken', 'refresh_token'), either('expiresIn', 'expires_in'))
  }
  const accessToken = bareToken(header(names.accessToken || 'Authorization'))
  return accessToken ? tokenSet(accessToken, bareToken(header(names.refreshToken || 'Refresh'))) : null
}

/** The tokens in a reply by the rules of the endpoint, still unchecked. */
export function tokensIn(reply: Reply, { parse }: ReplyReading): TokenSet | null {
  if (!parse) return reply.status < 300 ? findTokens(reply) : null
  const found = unheard(parse(reply))
  return (
    found &&
    tokenSet(fieldOf(found, 'accessToken'), fieldOf(found, 'refreshToken'), fieldOf(found, 'expiresIn'))
  )
}

/** The `error` of RFC 6749 section 5.2, where it is a code: sentences may quote a token. */
export function oauthErrorOf(body: unknown): string | undefined {
  const error = fieldOf(body, 'error')
  return typeof error === 'string' && /^[\w.:/-]{1,60}$/.test(error) ? error : undefined
}

function classifyByDefault({ status, body }: Reply): RefreshVerdict {
  if (oauthErrorOf(body) === 'invalid_grant') return 'ended'
  if (status < 300 || status >= 500 || [408, 425, 429].includes(status)) return 'retry'
  const text =
    fieldOf(body, 'message') ?? fieldOf(body, 'error') ?? fieldOf(body, 'msg') ?? fieldOf(body, 'detail')
  if (status === 400 && typeof text === 'string' && /not (yet )?expired/i.test(text)) return 'not-due'
  if (status === 401 || (status === 403 && isObject(body))) return 'ended'
  return status === 403 ? 'retry' : 'misconfigured'
}

/** Seconds or an HTTP date (RFC 9110 section 10.2.3). */
function retryAfterOf({ header }: Reply, now: number): number | undefined {
  const value = header('Retry-After') ?? ''
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : /GMT$/.test(value) ? Date.parse(value) - now : 0
  return ms > 0 ? ms : undefined
}

/** @param sent the tokens of the call, which no error may quote */
export function judgeReply(
  reply: RefreshReply,
  reading: ReplyReading,
  now: number,
  sent?: TokenSet,
): RefreshOutcome {
  const { status, body } = reply
  const code = oauthErrorOf(body)
  let tokens: TokenSet | null = null
  const errorOf = (kind: AuthErrorCode, what: string, cause?: unknown) => {
    const known = [sent, tokens, findTokens(reply)].flatMap((set) => [set?.accessToken, set?.refreshToken])
    const isQuote = known.some((token) => isRefreshToken(token) && code?.includes(token))
    return authError(
      kind,
      what,
      { status, oauthError: isQuote ? undefined : code, cause },
      isDevelopment ? describeReply(reply) : undefined,
    )
  }
  const retry = (what: string, cause?: unknown): RefreshOutcome => ({
    kind: 'retry',
    error: errorOf('REFRESH_FAILED', what, cause),
    retryAfterMs: retryAfterOf(reply, now),
    isSpent: status < 300,
  })
  try {
    tokens = tokensIn(reply, reading)
    if (tokens) return { kind: 'refreshed', tokens: checkTokens(tokens) }
    const verdict = unheard(reading.classify?.(reply) ?? classifyByDefault(reply))
    if (verdict === 'not-due') return { kind: verdict }
    if (verdict === 'ended') return { kind: verdict, error: errorOf('SESSION_EXPIRED', 'refused') }
    if (verdict === 'misconfigured') return { kind: verdict, error: errorOf('REFRESH_REFUSED', 'refused') }
    return retry('no token')
  } catch (error) {
    if (isAuthError(error, 'REFRESH_REFUSED')) return { kind: 'misconfigured', error }
    // Not as the cause: what an app's own parser throws may quote the reply.
    return retry('unusable', isAuthError(error) ? error : undefined)
  }
}
