import type { RefreshOutcome } from '../../src/core/refresh-outcome.js'
import type { TokenSet } from '../../src/core/tokens.js'
import { createRefreshCall, fetchArgs, requestOf } from '../../src/http/refresh-call.js'
import { checkEndpoint } from '../../src/http/refresh-endpoint.js'
import { isPage } from '../../src/http/reply.js'
import type { Candidate } from './candidates.js'
import { type Cookie, cookieHeader } from './cookies.js'
import { type Incoming, isRedirect, type Outgoing, type Send } from './exchange.js'

/** One call of the refresh endpoint, as the library makes it and reads it. */
export interface Attempt {
  candidate: Candidate
  outgoing: Outgoing
  /** Absent where the connection failed. */
  incoming?: Incoming
  failure?: unknown
  outcome: RefreshOutcome
}

/** No server has issued them. The first has the form of a JWT that has expired, for servers that look at it before all else. */
export const madeUpTokens: TokenSet = {
  accessToken:
    'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJsYXRjaGtleS1kb2N0b3IiLCJpYXQiOjEsImV4cCI6Mn0.bWFkZS11cC1zaWduYXR1cmU',
  refreshToken: 'made-up-by-latchkey-doctor',
}

export interface AttemptParts {
  send: Send
  now(): number
  /** Whether the browser sends cookies where it is asked to alone. */
  isCrossOrigin: boolean
}

/** The request of a protocol; cookies are the browser's own matter. */
export function outgoingOf({ endpoint, proofs }: Candidate, tokens: TokenSet): Outgoing {
  const checked = checkEndpoint(endpoint, undefined)
  const request = requestOf(checked, tokens)
  if (!request) throw new TypeError('These tokens cannot be refreshed so')
  const { method = 'POST' } = endpoint
  const [url, init] = fetchArgs(checked.url, request, { method })
  const headers = new Headers(init.headers)
  // Stands for the proof that each sending gets.
  if (proofs) headers.set('DPoP', 'proof')
  return { url, method, headers, ...(init.body && { body: String(init.body) }) }
}

export async function attempt(
  candidate: Candidate,
  tokens: TokenSet,
  cookies: Cookie[],
  { send, now, isCrossOrigin }: AttemptParts,
): Promise<Attempt> {
  const outgoing = outgoingOf(candidate, tokens)
  const result: { incoming?: Incoming; failure?: unknown } = {}
  const cookie =
    !isCrossOrigin || candidate.endpoint.credentials === 'include'
      ? cookieHeader(cookies, new URL(outgoing.url))
      : ''
  const headers = new Headers(outgoing.headers)
  if (cookie) headers.set('Cookie', cookie)
  const { csrf } = candidate
  const csrfToken = csrf && cookies.findLast(({ name }) => name === csrf.from)?.value
  if (csrf && csrfToken) headers.set(csrf.header, csrfToken)

  const call = createRefreshCall(checkEndpoint({ ...candidate.endpoint, fetch: sendAsFetch }, undefined), now)
  async function sendAsFetch(): Promise<Response> {
    try {
      result.incoming = await sendWithProof()
    } catch (error) {
      result.failure = error
      throw error
    }
    const { status, headers: received, text } = result.incoming
    // A browser fails here too.
    if (isRedirect(result.incoming)) throw new TypeError('redirect')
    return new Response([204, 205, 304].includes(status) ? null : text, { status, headers: received })
  }
  async function sendWithProof(): Promise<Incoming> {
    const { proofs } = candidate
    const { url, method } = outgoing
    for (let mayRepeat = true; ; mayRepeat = false) {
      for (const [name, value] of Object.entries((await proofs?.headersFor({ method, url })) ?? {})) {
        headers.set(name, value)
      }
      const received = await send({ ...outgoing, headers })
      // A server may ask for a nonce first.
      if (!proofs?.learnFrom(received.reply, url) || !mayRepeat) return received
    }
  }
  const outcome = await call(tokens, new AbortController().signal)
  return { candidate, outgoing, ...result, outcome }
}

export const surely = 3

/**
 * How much a reply to made-up tokens says for a protocol: most where the server refuses them in other words than it has for
 * no token at all, which means that it has looked at them.
 */
export function likelihood({ incoming, outcome }: Attempt, bare: Incoming): number {
  if (!incoming) return 0
  // To a page to sign in at: what brings nothing is not sent there, or nothing would be asked.
  if (isRedirect(incoming)) return surely
  const isOther = incoming.status !== bare.status || incoming.text !== bare.text
  const isRefused = outcome.kind === 'ended' || outcome.kind === 'not-due' || outcome.kind === 'refreshed'
  if ([404, 405, 415].includes(incoming.status) || isPage(incoming.reply)) return isOther ? 1 : 0
  return (isRefused ? 2 : 0) + (isOther ? 1 : 0)
}
