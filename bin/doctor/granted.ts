import { expiryOf } from '../../src/core/expiry.js'
import { readClaims } from '../../src/core/jwt.js'
import { shownToken, type TokenSet } from '../../src/core/tokens.js'
import { bareToken, judgeReply } from '../../src/http/refresh-reply.js'
import type { Attempt } from './attempt.js'
import { type Cookie, cookieFindings, isTokenCookie, parseSetCookie } from './cookies.js'
import { type CorsCall, isExposed, titled } from './cors.js'
import type { Incoming } from './exchange.js'
import { type Finding, finding } from './finding.js'

/** A refresh that brought tokens. */
export interface Granted extends Attempt {
  incoming: Incoming
  tokens: TokenSet
  /** The cookies from now on. */
  cookies: Cookie[]
}

export function grantedBy(made: Attempt, before: Cookie[]): Granted | undefined {
  const { incoming, outcome } = made
  if (!incoming || outcome.kind !== 'refreshed') return undefined
  const fresh = incoming.setCookies.map(parseSetCookie)
  const kept = before.filter((old) => !fresh.some(({ name }) => name === old.name))
  return { ...made, incoming, tokens: outcome.tokens, cookies: [...kept, ...fresh] }
}

/** Seconds that the access token lives; `null` where only the server knows. */
export function lifetimeOf(tokens: TokenSet): number | null {
  const expiresAt = expiryOf(tokens, 0)
  // A bare `exp` counts from now, which is not 0.
  const { exp, iat } = readClaims(tokens.accessToken) ?? {}
  if (tokens.expiresIn === undefined && exp !== undefined && iat === undefined) return null
  return expiresAt === null ? null : expiresAt / 1000
}

/** Seconds by which the server's clock is ahead of this one. */
export function skewOf({ headers }: Incoming, now: number): number | undefined {
  const date = Date.parse(headers.get('Date') ?? '')
  return Number.isNaN(date) ? undefined : Math.round((date - now) / 1000)
}

const largestSkewS = 30
const largeToken = 4096

/** Judges the reply with tokens. */
export function grantedFindings(
  granted: Granted,
  call: CorsCall,
  isCrossOrigin: boolean,
  now: number,
): Finding[] {
  const { incoming, outgoing, tokens, candidate } = granted
  const { headers, setCookies } = incoming
  const found: Finding[] = []
  if (!/\bno-store\b/i.test(headers.get('Cache-Control') ?? '')) {
    found.push(
      finding(
        'NO_STORE',
        'The reply with tokens has no Cache-Control: no-store, so caches may keep it',
        'Forbid caching (RFC 6749 section 5.1)',
        'Cache-Control: no-store',
      ),
    )
  }
  if (isCrossOrigin) found.push(...hiddenFindings(granted, call, now))
  if (candidate.endpoint.credentials === 'include') {
    const cookies = setCookies.map(parseSetCookie).filter((each) => isTokenCookie(each) && !each.isRemoval)
    found.push(...cookies.flatMap((each) => cookieFindings(each, new URL(outgoing.url), call.appOrigin)))
  }
  // What is in a cookie has no lifetime that a page could see.
  return shownToken(tokens) ? [...found, ...lifetimeFindings(tokens, incoming, now)] : found
}

/** Whether CORS hides the headers that hold the tokens. */
function hiddenFindings({ incoming, candidate, tokens }: Granted, call: CorsCall, now: number): Finding[] {
  const { reply, headers } = incoming
  const header = (name: string): string | null =>
    isExposed(name, incoming, call.withCredentials) ? reply.header(name) : null
  const seen = judgeReply({ ...reply, header }, candidate.endpoint, now)
  const isSame =
    seen.kind === 'refreshed' &&
    seen.tokens.accessToken === tokens.accessToken &&
    seen.tokens.refreshToken === tokens.refreshToken
  if (isSame) return []
  const values: unknown[] = [tokens.accessToken, tokens.refreshToken]
  const names = [...headers.keys()]
    .filter((name) => values.includes(bareToken(headers.get(name))))
    .map(titled)
  return [
    finding(
      'EXPOSE_TOKENS',
      `The new tokens are in the headers ${names.join(' and ')}, which a page of another origin cannot read: each refresh loses them`,
      'Expose the headers with tokens',
      `Access-Control-Expose-Headers: ${names.join(', ')}`,
    ),
  ]
}

function lifetimeFindings(tokens: TokenSet, { headers }: Incoming, now: number): Finding[] {
  const { accessToken, expiresIn } = tokens
  const claims = readClaims(accessToken)
  const date = Date.parse(headers.get('Date') ?? '')
  const serverS = (Number.isNaN(date) ? now : date) / 1000
  const exp = typeof claims?.exp === 'number' ? claims.exp : undefined
  const iat = typeof claims?.iat === 'number' ? claims.iat : undefined
  const found: Finding[] = []
  const seconds = lifetimeOf(tokens)

  if (exp !== undefined && exp <= serverS) {
    const isMs = exp > 1e11 ? ' (or it is in milliseconds)' : ''
    found.push(
      finding(
        'TOKEN_BORN_EXPIRED',
        `The new access token is already expired, by its exp and the server’s own Date header${isMs}`,
        'Count exp in seconds from the moment of issue, in UTC',
      ),
    )
  } else if (exp !== undefined && exp > 1e11) {
    found.push(
      finding(
        'LIFETIME_MISMATCH',
        'exp of the access token is in milliseconds: it never seems to expire',
        'Count exp in seconds since the epoch (RFC 7519 section 2)',
      ),
    )
  } else if (expiresIn !== undefined && exp !== undefined) {
    const real = exp - (iat ?? serverS)
    if (Math.abs(real - expiresIn) > Math.max(5, real * 0.1)) {
      found.push(
        finding(
          'LIFETIME_MISMATCH',
          `The reply says that the access token lives ${expiresIn} s, but the token itself says ${Math.round(real)} s`,
          'Send expires_in in seconds, with the same lifetime as exp',
        ),
      )
    }
  }
  if (exp === undefined && expiresIn === undefined) {
    found.push(
      finding(
        'LIFETIME_UNKNOWN',
        'Neither the reply nor the access token says how long the token lives, so apps refresh only after a 401',
        'Add expiresIn (or expires_in) in seconds, so that no request has to fail first. Apps can read a date with tokensAt',
      ),
    )
  } else if (seconds !== null && seconds > 0 && seconds < 60) {
    found.push(
      finding(
        'LIFETIME_SHORT',
        `The access token lives ${Math.round(seconds)} s, so nearly every click costs a refresh`,
        'Five to fifteen minutes are usual',
      ),
    )
  } else if (seconds !== null && seconds > 24 * 3600 && exp !== undefined && exp < 1e11) {
    found.push(
      finding(
        'LIFETIME_LONG',
        `The access token lives ${Math.round(seconds / 3600)} hours: whoever steals it can use it that long`,
        'Five to fifteen minutes are usual, because the refresh keeps users signed in',
      ),
    )
  }
  if (accessToken.length > largeToken) {
    found.push(
      finding(
        'TOKEN_LARGE',
        `The access token has ${accessToken.length} characters, and goes with every request: many servers accept at most 8 kB of headers`,
        'Leave out of it what the server can look up',
      ),
    )
  }
  const skew = Number.isNaN(date) ? 0 : Math.round((date - now) / 1000)
  if (Math.abs(skew) > largestSkewS) {
    const ahead = skew > 0 ? 'ahead of' : 'behind'
    found.push(
      finding(
        'CLOCK_SKEW',
        `The server’s clock is ${Math.abs(skew)} s ${ahead} this machine’s`,
        'Synchronize both clocks (NTP): exp, nbf and one-time codes depend on them',
      ),
    )
  } else if (iat !== undefined && iat < 1e11 && iat - serverS > 5) {
    found.push(
      finding(
        'CLOCK_SKEW',
        `The access token was issued ${Math.round(iat - serverS)} s in the future, by the server’s own Date header`,
        'Synchronize the clocks of the server that signs tokens and of the one that answers (NTP)',
      ),
    )
  }
  return found
}
