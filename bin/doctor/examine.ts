import { expiryOf } from '../../src/core/expiry.js'
import { readClaims } from '../../src/core/jwt.js'
import { isSafeTransport } from '../../src/http/origin-policy.js'
import { judgeReply } from '../../src/http/refresh-reply.js'
import { isPage } from '../../src/http/reply.js'
import { madeUpTokens, surely } from './attempt.js'
import { type CandidateChoice, closerTo, type ProtocolName, shortCode } from './candidates.js'
import {
  type CorsCall,
  exposureFindings,
  preflightFindings,
  sendPreflight,
  strangerFindings,
} from './cors.js'
import { originFindings } from './cors-origin.js'
import { createSend, type Incoming, type Outgoing, type Send } from './exchange.js'
import { type Finding, finding } from './finding.js'
import { type Granted, grantedFindings, lifetimeOf, skewOf } from './granted.js'
import { clientIdIn, type Probed, type ProbeParts, probe, probeRefusal, reach } from './probe.js'
import { type RealRefresh, type Reuse, refreshForReal, reuse, rotates } from './real-refresh.js'
import type { Redactor } from './redactor.js'
import { apiFindings, refusalFindings } from './refusal.js'
import type { SignIn } from './sign-in.js'
import { whyUnreachable } from './unreachable.js'

export interface Examination {
  url: string
  origin: string
  api?: string | undefined
  protocol?: ProtocolName | undefined
  clientId?: string | undefined
  csrfHeader?: string | undefined
  reuse: boolean
  timeoutMs: number
  signIn?: SignIn | undefined
}

export interface Diagnosis {
  findings: Finding[]
  protocol?: {
    name: ProtocolName
    /** What to write in the app. */
    code: string
    /** `refreshed`: by a real refresh. `not due`: the server takes it after the expiry. `guess`: by its words alone. */
    by: 'refreshed' | 'not due' | 'guess'
  }
  /** For which protocols a browser gets leave to send the refresh. */
  preflights?: { name: string; isAllowed: boolean }[]
  rotates?: boolean
  /** Seconds; `null` where only the server knows. */
  accessTokenLives?: number | null
  /** Seconds by which the server's clock is ahead. */
  clockSkew?: number
  reuse?: Reuse
}

export interface Effects {
  now(): number
  sleep(ms: number): Promise<void>
  redactor: Redactor
}

/** A page of a stranger: whether the server allows that too. */
const strangersOrigin = 'https://latchkey-doctor.example'

export async function examine(given: Examination, effects: Effects): Promise<Diagnosis> {
  const { url, origin, signIn, timeoutMs } = given
  const { now, redactor } = effects
  const send = createSend(origin, timeoutMs)
  const findings: Finding[] = []
  const isSafe = isSafeTransport(new URL(url), origin)
  if (!isSafe) findings.push(insecureFinding(url))

  const reached = await reach(send, url, timeoutMs)
  if ('code' in reached) return { findings: [...findings, reached] }

  const clientId = given.clientId ?? clientIdIn(signIn && readClaims(signIn.tokens.accessToken))
  const { protocol, csrfHeader } = given
  const isCrossOrigin = new URL(url).origin !== origin
  const choice: CandidateChoice = { url, protocol, clientId, csrfHeader, method: reached.method, signIn }
  const parts: ProbeParts = { send, now, isCrossOrigin, choice, cookies: signIn?.cookies ?? [] }
  const probed = await probe(reached, parts)

  const real: RealRefresh =
    signIn && isSafe && !isFallback([reached.bare, ...probed.map(({ refusal }) => refusal?.incoming)])
      ? await refreshForReal(probed, signIn, { ...parts, ...effects }, expiryOf(signIn.tokens, now()))
      : { findings: [] }
  findings.push(...real.findings)

  const best = [...probed].sort((a, b) => b.likelihood - a.likelihood)[0]
  const known = real.probed ?? (protocol || best?.likelihood === surely ? best : undefined)
  if (known && !known.refusal) await probeRefusal(known, parts, reached.bare)

  if (known) preferCloser(known, choice, real.granted, now())

  const judged = known ?? best
  if (judged?.refusal?.failure !== undefined) {
    findings.push(whyUnreachable(judged.refusal.failure, url, timeoutMs))
  }
  if (judged?.refusal) findings.push(...refusalFindings(judged.refusal, known !== undefined, redactor))
  if (isCrossOrigin) findings.push(...(await corsFindings(send, given, probed, known, real)))

  const { granted } = real
  const diagnosis: Diagnosis = { findings }
  if (known) {
    const by = granted ? 'refreshed' : real.isNotDue ? 'not due' : 'guess'
    const { name, code } = known.candidate
    if (by !== 'guess' || !signIn) diagnosis.protocol = { name, code, by }
  }
  if (isCrossOrigin) {
    diagnosis.preflights = probed.map((one) => ({
      name: shortCode(one.candidate),
      isAllowed: preflightFindings(one.preflight, outgoing(one), callOf(one, origin)).length === 0,
    }))
  }
  if (granted && known && signIn) {
    findings.push(...grantedFindings(granted, callOf(known, origin), isCrossOrigin, now()))
    diagnosis.rotates = rotates(granted, signIn)
    diagnosis.accessTokenLives = lifetimeOf(granted.tokens)
    const skew = skewOf(granted.incoming, now())
    if (skew !== undefined) diagnosis.clockSkew = skew
    if (given.reuse) {
      const again = await reuse(granted, signIn, { ...parts, ...effects })
      diagnosis.reuse = again.reuse
      findings.push(...again.findings)
    }
  }
  if (given.api !== undefined)
    findings.push(...(await examineApi(send, given.api, origin, effects, timeoutMs)))
  diagnosis.findings = withoutTwins(findings)
  return diagnosis
}

/** Takes the closer protocol where the general one would not understand that the session is over. */
function preferCloser(
  known: Probed,
  choice: CandidateChoice,
  granted: Granted | undefined,
  now: number,
): void {
  const { refusal } = known
  const closer = closerTo(known.candidate, choice)
  if (!closer || !refusal?.incoming || refusal.outcome.kind === 'ended') return
  const outcome = judgeReply(refusal.incoming.reply, closer.endpoint, now)
  const isRead = !granted || judgeReply(granted.incoming.reply, closer.endpoint, now).kind === 'refreshed'
  if (outcome.kind !== 'ended' || !isRead) return
  known.candidate = closer
  known.refusal = { ...refusal, candidate: closer, outcome }
}

/** Whether everything gets a page: then no auth server is there, and no token goes to whatever is. */
const isFallback = (replies: (Incoming | undefined)[]): boolean =>
  replies.every((each) => !each || (each.status < 300 && isPage(each.reply)))

const outgoing = ({ candidate }: Probed): Outgoing => {
  const { endpoint } = candidate
  const request = endpoint.send(madeUpTokens)
  return {
    url: String(endpoint.url),
    method: endpoint.method ?? 'POST',
    headers: { ...request?.headers },
  }
}

const callOf = ({ candidate }: Probed, appOrigin: string): CorsCall => ({
  appOrigin,
  withCredentials: candidate.endpoint.credentials === 'include',
})

const atApi = 'At the API: '

/** What two calls show is said once, and mended once. */
const withoutTwins = (findings: Finding[]): Finding[] => {
  const keyOf = ({ code, wrong }: Finding): string => code + wrong.replace(atApi, '')
  return findings.filter((one, index) => findings.findIndex((each) => keyOf(each) === keyOf(one)) === index)
}

const insecureFinding = (url: string): Finding =>
  finding(
    'INSECURE_URL',
    `${url} is plain http: anybody on the way can read the tokens, and a page of https may not call it`,
    'Serve it by https. No token was sent',
  )

async function corsFindings(
  send: Send,
  { origin }: Examination,
  probed: Probed[],
  known: Probed | undefined,
  { granted }: RealRefresh,
): Promise<Finding[]> {
  const found: Finding[] = []
  const one = known ?? probed.find(({ refusal }) => refusal) ?? probed[0]
  if (!one) return found
  const call = callOf(one, origin)
  const ofOne = preflightFindings(one.preflight, outgoing(one), call)
  const isHopeless = probed.every(
    (each) => preflightFindings(each.preflight, outgoing(each), callOf(each, origin)).length > 0,
  )
  if (known || isHopeless) found.push(...ofOne)
  const refusal = one.refusal?.incoming
  // One that was not answered by CORS at all says nothing of the origin.
  const isAnswered = one.preflight && one.preflight.status >= 200 && one.preflight.status < 300
  found.push(
    ...originFindings(
      { preflight: isAnswered ? one.preflight : undefined, refusal, success: granted?.incoming },
      call,
    ),
  )
  if (refusal) found.push(...exposureFindings(refusal, call))
  const foreign = await sendPreflight(send, outgoing(one), strangersOrigin).catch(() => undefined)
  if (refusal) found.push(...strangerFindings(foreign, strangersOrigin, refusal))
  return found
}

/** Calls the API with an access token that nobody has issued. */
async function examineApi(
  send: Send,
  api: string,
  appOrigin: string,
  { redactor }: Effects,
  timeoutMs: number,
): Promise<Finding[]> {
  const request: Outgoing = {
    url: api,
    method: 'GET',
    headers: { Accept: 'application/json', Authorization: `Bearer ${madeUpTokens.accessToken}` },
  }
  let refusal: Incoming
  let preflight: Incoming | undefined
  const isCrossOrigin = new URL(api).origin !== appOrigin
  try {
    if (isCrossOrigin) preflight = await sendPreflight(send, request)
    refusal = await send(request)
  } catch (error) {
    return [ofApi(whyUnreachable(error, api, timeoutMs))]
  }
  const call = { appOrigin, withCredentials: false }
  const cors = isCrossOrigin
    ? [
        ...preflightFindings(preflight, request, call),
        ...originFindings({ preflight, refusal }, call),
        ...exposureFindings(refusal, call),
      ]
    : []
  return [...apiFindings(refusal, redactor), ...cors.map(ofApi)]
}

const ofApi = (one: Finding): Finding => ({ ...one, wrong: `${atApi}${one.wrong}` })
