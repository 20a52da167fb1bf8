import { isSafeTransport } from '../../src/http/origin-policy.js'
import type { RefreshEndpoint } from '../../src/http/refresh-endpoint.js'
import { accessTokenHeader } from '../../src/servers/access-token-header.js'
import { madeUpTokens } from './attempt.js'
import type { Candidate } from './candidates.js'
import { cookieHeader } from './cookies.js'
import { exposureFindings, preflightFindings, sendPreflight } from './cors.js'
import { originFindings } from './cors-origin.js'
import { dpopReply } from './dpop.js'
import type { Incoming, Outgoing, Send } from './exchange.js'
import type { Finding } from './finding.js'
import type { Granted } from './granted.js'
import type { Redactor } from './redactor.js'
import { apiFindings } from './refusal.js'
import { whyUnreachable } from './unreachable.js'

export interface ApiParts {
  send: Send
  /** That of the app. */
  origin: string
  timeoutMs: number
  redactor: Redactor
  /** The protocol, where it is known. */
  candidate?: Candidate | undefined
  granted?: Granted | undefined
}

export interface ApiExamination {
  findings: Finding[]
  /** What sends the access token as the API takes it, where that is not `Authorization: Bearer`. */
  authorize?: string
  /** How the API says that it wants DPoP. */
  dpop?: string | undefined
}

export const atApi = 'At the API: '
const ofApi = (one: Finding): Finding => ({ ...one, wrong: `${atApi}${one.wrong}` })

/** How requests carry the access token. */
interface Carrier {
  /** What to write in the app; absent for the usual header. */
  code?: string
  headers(accessToken: string): Record<string, string>
}

const bearer: Carrier = { headers: (accessToken) => ({ Authorization: `Bearer ${accessToken}` }) }

const carrierOf = (...given: [name: string, scheme?: string]): Carrier => {
  const authorize = accessTokenHeader(...given) as (accessToken: string) => Record<string, string>
  return { code: `accessTokenHeader('${given.join("', '")}')`, headers: authorize }
}

/** Headers that tutorials and frameworks use in place of the usual one. */
const otherCarriers = [
  carrierOf('x-access-token'),
  carrierOf('x-auth-token'),
  carrierOf('Authorization', 'JWT'),
  carrierOf('Authorization', 'Token'),
  carrierOf('token'),
]

/** Calls the API with an access token that nobody has issued, in the header where the API looks for one. */
export async function examineApi(api: string, parts: ApiParts): Promise<ApiExamination> {
  const { send, origin: appOrigin, timeoutMs, redactor, candidate, granted } = parts
  const withCredentials = candidate?.endpoint.withCredentials === true
  const get = (headers: Record<string, string>): Outgoing => ({
    url: api,
    method: 'GET',
    headers: { Accept: 'application/json', ...headers },
  })
  let refusal: Incoming
  let preflight: Incoming | undefined
  let request: Outgoing
  let carrier: Carrier | undefined
  const isCrossOrigin = new URL(api).origin !== appOrigin
  try {
    if (candidate?.proofs) {
      request = get(await candidate.proofs.headersFor(get({}), madeUpTokens.accessToken))
    } else if (withCredentials) {
      request = get({})
    } else {
      // The new token alone, and never to where somebody on the way could read it.
      const isSafe = isSafeTransport(new URL(api), appOrigin)
      carrier = await findCarrier(send, get, isSafe ? granted?.tokens.accessToken : undefined)
      request = get(carrier.headers(madeUpTokens.accessToken))
    }
    if (isCrossOrigin) preflight = await sendPreflight(send, request)
    const cookies = (granted?.cookies ?? []).map((cookie) => ({ ...cookie, value: madeUpTokens.accessToken }))
    const cookie = withCredentials ? cookieHeader(cookies, new URL(api)) : ''
    refusal = await send({
      ...request,
      headers: { ...request.headers, ...(cookie && { Cookie: cookie }) } as Record<string, string>,
    })
  } catch (error) {
    return { findings: [ofApi(whyUnreachable(error, api, timeoutMs))] }
  }
  const call = { appOrigin, withCredentials }
  const cors = isCrossOrigin
    ? [
        ...preflightFindings(preflight, request, call),
        ...originFindings({ preflight, refusal }, call),
        ...exposureFindings(refusal, call),
      ]
    : []
  return {
    findings: [...apiFindings(refusal, redactor, isExpiredBy(candidate?.endpoint)), ...cors.map(ofApi)],
    ...(carrier?.code !== undefined && { authorize: carrier.code }),
    dpop: dpopReply(refusal.reply),
  }
}

/** Whether the protocol itself takes a reply for an expiry. */
const isExpiredBy =
  (endpoint: RefreshEndpoint | undefined) =>
  ({ reply }: Incoming): boolean =>
    endpoint?.isExpired?.(reply) === true

/**
 * Where the API looks for the token: where its answer is another than to no token at all. A token that is good shows it by
 * the status, a made-up one by words alone.
 */
async function findCarrier(
  send: Send,
  get: (headers: Record<string, string>) => Outgoing,
  goodToken: string | undefined,
): Promise<Carrier> {
  const token = goodToken ?? madeUpTokens.accessToken
  const bare = await send(get({}))
  const isSeen = async ({ headers }: Carrier): Promise<boolean> => {
    const { status, text } = await send(get(headers(token)))
    return status !== bare.status || (goodToken === undefined && text !== bare.text)
  }
  if (bare.status < 400 || (await isSeen(bearer))) return bearer
  for (const carrier of otherCarriers) if (await isSeen(carrier)) return carrier
  return bearer
}

/** The code of an endpoint, with the `authorize` of another header. */
export const withHeader = (code: string, authorize: string): string =>
  code.startsWith('{ ')
    ? `${code.slice(0, -2)}, authorize: ${authorize} }`
    : `{ ...${code}, authorize: ${authorize} }`
