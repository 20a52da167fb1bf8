import { fieldOf, isObject } from '../../src/core/own-fields.js'
import {
  type Attempt,
  type AttemptParts,
  attempt,
  likelihood,
  madeUpTokens,
  outgoingOf,
  surely,
} from './attempt.js'
import { type Candidate, type CandidateChoice, candidatesFor, dpopCandidate } from './candidates.js'
import type { Cookie } from './cookies.js'
import { askedHeaders, sendPreflight } from './cors.js'
import { dpopReply } from './dpop.js'
import { type Incoming, isRedirect, type Send } from './exchange.js'
import { type Finding, finding } from './finding.js'
import { redirectFinding } from './refusal.js'
import { whyUnreachable } from './unreachable.js'

/** The endpoint as it answers a call that brings nothing. */
export interface Reached {
  bare: Incoming
  /** Set where the endpoint takes GET alone. */
  method: 'GET' | undefined
}

/** Whether there is an endpoint, by a call without tokens. */
export async function reach(send: Send, url: string, timeoutMs: number): Promise<Reached | Finding> {
  const call = (method: string): Promise<Incoming> =>
    send({ url, method, headers: { Accept: 'application/json' } })
  let bare: Incoming
  try {
    bare = await call('POST')
  } catch (error) {
    return whyUnreachable(error, url, timeoutMs)
  }
  if (isRedirect(bare)) return redirectFinding(bare, url)
  if (![404, 405, 501].includes(bare.status)) return { bare, method: undefined }
  const byGet = await call('GET').catch(() => undefined)
  if (byGet && ![404, 405, 501].includes(byGet.status) && !isRedirect(byGet)) {
    return { bare: byGet, method: 'GET' }
  }
  const { pathname } = new URL(url)
  if (bare.status === 404) {
    // An endpoint of its own mind: "no such refresh token".
    if (isObject(bare.reply.body) && byGet?.status !== 404) return { bare, method: undefined }
    return finding(
      'NOT_FOUND',
      `There is nothing at ${pathname} (404)`,
      'Check the path: prefix, version, a slash at the end',
    )
  }
  return finding(
    'METHOD_NOT_ALLOWED',
    `${pathname} accepts neither POST nor GET (${bare.status})`,
    'Check that this is the URL of the refresh endpoint, and let it accept POST',
  )
}

/** What is known of one protocol before a real token is sent. */
export interface Probed {
  candidate: Candidate
  preflight: Incoming | undefined
  /** What it answered to made-up tokens, where it was asked. */
  refusal?: Attempt
  likelihood: number
}

export interface ProbeParts extends AttemptParts {
  choice: CandidateChoice
  /** The cookies of a sign-in, whose values are made up for the probe. */
  cookies: Cookie[]
}

/** Asks for leave for each protocol, and shows made-up tokens until the server has clearly looked at them. */
export async function probe({ bare }: Reached, parts: ProbeParts): Promise<Probed[]> {
  const { send, isCrossOrigin, choice } = parts
  const preflights = new Map<string, Promise<Incoming | undefined>>()
  const probed: Probed[] = []
  let isDone = false
  let isBearerAlone = false
  const left = candidatesFor(choice)
  for (let candidate = left.shift(); candidate; candidate = left.shift()) {
    const outgoing = outgoingOf(candidate, madeUpTokens)
    const asked = `${outgoing.method} ${askedHeaders(new Headers(outgoing.headers))}`
    const preflight = !isCrossOrigin
      ? undefined
      : // One that brings no reply counts as none: the call itself says why.
        await (preflights.get(asked) ?? sendPreflight(send, outgoing).catch(() => undefined))
    preflights.set(asked, Promise.resolve(preflight))
    const one: Probed = { candidate, preflight, likelihood: 0 }
    probed.push(one)
    const isBearer = new Headers(outgoing.headers).has('Authorization')
    if (isDone || (isBearerAlone && !isBearer)) continue
    await probeRefusal(one, parts, bare)
    const bound = boundTo(one, choice)
    if (bound) left.unshift(bound)
    const isSure = one.likelihood === surely
    isDone = (isSure && !isBearer) || one.refusal?.incoming?.status === 429
    // Whatever is sent there is looked at by a server that takes either token as Bearer.
    isBearerAlone ||= isSure
  }
  preferBearerAlone(probed)
  return probed
}

/** The same call with a proof, where the server has asked for one. */
function boundTo({ candidate, refusal }: Probed, choice: CandidateChoice): Candidate | undefined {
  const isAsked = !candidate.proofs && refusal?.incoming && dpopReply(refusal.incoming.reply) !== undefined
  return isAsked ? dpopCandidate(choice) : undefined
}

/** Where a server answers the same with a header `Refresh` and without, it does not look at it. */
function preferBearerAlone(probed: Probed[]): void {
  const sure = probed.filter((one) => one.likelihood === surely)
  const alone = sure.find(({ candidate }) => /bearer/i.test(candidate.name))?.refusal?.incoming
  for (const one of sure) {
    const incoming = one.refusal?.incoming
    const isSame = alone !== undefined && incoming?.status === alone.status && incoming.text === alone.text
    if (one.candidate.name === 'headerPair' && isSame) one.likelihood--
  }
}

export async function probeRefusal(one: Probed, parts: ProbeParts, bare: Incoming): Promise<void> {
  const madeUp = parts.cookies
    .filter((cookie) => !cookie.isRemoval && !/csrf|xsrf/i.test(cookie.name))
    .map((cookie) => ({ ...cookie, value: 'made-up-by-latchkey-doctor' }))
  const others = parts.cookies.filter((cookie) => /csrf|xsrf/i.test(cookie.name))
  one.refusal = await attempt(one.candidate, madeUpTokens, [...madeUp, ...others], parts)
  one.likelihood = likelihood(one.refusal, bare)
}

/** `client_id` or `azp` of the access token: what OAuth servers write there. */
export function clientIdIn(claims: unknown): string | undefined {
  const found = fieldOf(claims, 'client_id') ?? fieldOf(claims, 'azp')
  return typeof found === 'string' ? found : undefined
}
