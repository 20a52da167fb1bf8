import { expiryOf } from '../../src/core/expiry.js'
import { readClaims } from '../../src/core/jwt.js'
import { shownToken } from '../../src/core/tokens.js'
import { isSafeTransport } from '../../src/http/origin-policy.js'
import { isPage } from '../../src/http/reply.js'
import { atApi, examineApi, withHeader } from './api.js'
import { madeUpTokens, outgoingOf, surely } from './attempt.js'
import { type CandidateChoice, dpopCandidate, type ProtocolName, shortCode } from './candidates.js'
import { closerTo } from './closer-protocols.js'
import {
  type CorsCall,
  exposureFindings,
  preflightFindings,
  sendPreflight,
  strangerFindings,
} from './cors.js'
import { originFindings } from './cors-origin.js'
import { dpopFinding, dpopReply, dpopSignIn, dpopToken } from './dpop.js'
import { createSend, type Incoming, type Outgoing, type Send } from './exchange.js'
import { type Finding, finding } from './finding.js'
import { grantedFindings, lifetimeOf, skewOf } from './granted.js'
import { clientIdIn, type Probed, type ProbeParts, probe, probeRefusal, reach } from './probe.js'
import { type RealRefresh, type Reuse, refreshForReal, reuse, rotates } from './real-refresh.js'
import type { Redactor } from './redactor.js'
import { refusalFindings } from './refusal.js'
import type { SignIn } from './sign-in.js'
import { whyUnreachable } from './unreachable.js'

export interface Examination {
  url: string
  origin: string
  api?: string | undefined
  protocol?: ProtocolName | undefined
  clientId?: string | undefined
  csrfHeader?: string | undefined
  apiKey?: string | undefined
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
    /**
     * `refreshed`: by a real refresh. `not due`: the server takes it after the expiry. `bound`: by its words, since only the
     * browser with the key can refresh. `guess`: by its words alone.
     */
    by: 'refreshed' | 'not due' | 'bound' | 'guess'
  }
  /** For which protocols a browser gets leave to send the refresh. */
  preflights?: { name: string; isAllowed: boolean }[]
  rotates?: boolean
  /** What sends the access token as the API takes it, where that is not `Authorization: Bearer`. */
  authorize?: string
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
  const { protocol, csrfHeader, apiKey } = given
  const isCrossOrigin = new URL(url).origin !== origin
  const choice: CandidateChoice = {
    url,
    protocol,
    clientId,
    csrfHeader,
    apiKey,
    method: reached.method,
    signIn,
  }
  const parts: ProbeParts = { send, now, isCrossOrigin, choice, cookies: signIn?.cookies ?? [] }
  const probed = await probe(reached, parts)

  const replies = [reached.bare, ...probed.map(({ refusal }) => refusal?.incoming)]
  let dpop = signIn && (dpopSignIn(signIn) ?? dpopToken(signIn.tokens.accessToken))
  dpop ??= replies.map((each) => each && dpopReply(each.reply)).find((why) => why !== undefined)

  const real: RealRefresh =
    signIn && isSafe && !isFallback(replies) && !(dpop !== undefined && probed.length === 0)
      ? await refreshForReal(probed, signIn, { ...parts, ...effects }, expiryOf(signIn.tokens, now()))
      : { findings: [] }
  findings.push(...real.findings)

  const best = [...probed].sort((a, b) => b.likelihood - a.likelihood)[0]
  const known = real.probed ?? (protocol || best?.likelihood === surely ? best : undefined)
  if (known && !known.refusal) await probeRefusal(known, parts, reached.bare)

  const closer = known?.refusal && closerTo(known.refusal, choice, real.granted, now())
  if (known && closer) Object.assign(known, { candidate: closer.candidate, refusal: closer })

  const judged = known ?? best
  if (judged?.refusal?.failure !== undefined) {
    findings.push(whyUnreachable(judged.refusal.failure, url, timeoutMs))
  }
  if (judged?.refusal) findings.push(...refusalFindings(judged.refusal, known !== undefined, redactor))
  if (isCrossOrigin) findings.push(...(await corsFindings(send, given, probed, known, real)))

  const { granted } = real
  const diagnosis: Diagnosis = { findings }
  if (known) {
    const by = granted ? 'refreshed' : real.isNotDue ? 'not due' : real.isBound ? 'bound' : 'guess'
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
    if (shownToken(granted.tokens)) diagnosis.accessTokenLives = lifetimeOf(granted.tokens)
    const skew = skewOf(granted.incoming, now())
    if (skew !== undefined) diagnosis.clockSkew = skew
    if (given.reuse) {
      const again = await reuse(granted, signIn, { ...parts, ...effects })
      diagnosis.reuse = again.reuse
      findings.push(...again.findings)
    }
  }
  if (given.api !== undefined) {
    const { candidate } = known ?? {}
    const found = await examineApi(given.api, { ...given, ...effects, send, candidate, granted })
    findings.push(...found.findings)
    if (found.authorize !== undefined) {
      diagnosis.authorize = found.authorize
      if (diagnosis.protocol) diagnosis.protocol.code = withHeader(diagnosis.protocol.code, found.authorize)
    }
    dpop ??= found.dpop
  }
  if (dpop !== undefined) {
    findings.push(dpopFinding(dpop, dpopCandidate(choice)?.code ?? `oauth2({ url, clientId, dpop: true })`))
  }
  diagnosis.findings = withoutTwins(withoutEffects(findings))
  return diagnosis
}

/** Whether everything gets a page: then no auth server is there, and no token goes to whatever is. */
const isFallback = (replies: (Incoming | undefined)[]): boolean =>
  replies.every((each) => !each || (each.status < 300 && isPage(each.reply)))

const outgoing = ({ candidate }: Probed): Outgoing => outgoingOf(candidate, madeUpTokens)

const callOf = ({ candidate }: Probed, appOrigin: string): CorsCall => ({
  appOrigin,
  withCredentials: candidate.endpoint.credentials === 'include',
})

/** Without the key of the project, no protocol could have fitted. */
const withoutEffects = (findings: Finding[]): Finding[] =>
  findings.some(({ code }) => code === 'API_KEY_WANTED')
    ? findings.filter(({ code }) => code !== 'NO_PROTOCOL_FITS')
    : findings

/** What two calls show is said once, and mended once. */
const withoutTwins = (findings: Finding[]): Finding[] => {
  const keyOf = ({ code, wrong }: Finding): string => code + wrong.replace(atApi, '')
  return findings.filter((one, index) => findings.findIndex((each) => keyOf(each) === keyOf(one)) === index)
}

const insecureFinding = (url: string): Finding =>
  finding(
    'INSECURE_URL',
    `${url} is plain http: anybody on the way can read the tokens, and an https page may not call it`,
    'Serve it over https. The doctor sent no token',
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
