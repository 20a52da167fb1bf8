import { systemClock } from '../../core/clock.js'
import { ownFields } from '../../core/own-fields.js'
import type { RequestTarget } from '../../http/refresh-endpoint.js'
import type { Reply } from '../../http/reply.js'
import { proofErrorOf } from './proof-error.js'
import { loadProofKey, type ProofKey } from './proof-key.js'

/** What the replies of one origin have shown. A nonce of one origin is of no use at another (RFC 9449 section 8.2). */
interface ServerFacts {
  nonce?: string
  /** How far the server's clock is ahead of ours, in milliseconds. */
  aheadMs?: number
}

/** `nonce`, RFC 9449 section 8.1. */
const nonceSyntax = /^[\x21\x23-\x5b\x5d-\x7e]{1,2000}$/
/** In a `Date` header there are whole seconds, which are late by the time on the way; a proof may be some seconds off (section 11.1). */
const leastClockErrorMs = 5000

const encoder = new TextEncoder()

const base64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=/g, '')

const encodeJson = (value: unknown): string => base64Url(encoder.encode(JSON.stringify(value)))

async function sign({ privateKey, jwk }: ProofKey, claims: object): Promise<string> {
  const input = `${encodeJson({ typ: 'dpop+jwt', alg: 'ES256', jwk })}.${encodeJson(claims)}`
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
  const signature = await crypto.subtle.sign(algorithm, privateKey, encoder.encode(input))
  return `${input}.${base64Url(new Uint8Array(signature))}`
}

const hashOf = async (token: string): Promise<string> =>
  base64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(token))))

/** Proofs that the sender holds the key to which the tokens are bound. */
export interface DpopProofs {
  /**
   * The headers of one sending to `url`, whose query and fragment do not count. Without an access token: the headers of a
   * call of the token endpoint, which prove the key alone.
   */
  headersFor(request: RequestTarget, accessToken?: string): Promise<Record<string, string>>
  /**
   * Keeps the nonce and the clock that a reply shows. Returns whether the request was refused for the lack of one of these,
   * so that a second sending may succeed.
   */
  learnFrom(reply: Reply, url: string): boolean
}

/** Makes a new proof for each sending, by RFC 9449. */
export function createDpopProofs(clientId: string): DpopProofs {
  const facts = new Map<string, ServerFacts>()
  const factsOf = (origin: string): ServerFacts => facts.get(origin) ?? ownFields({})
  let key: Promise<ProofKey> | undefined
  let lastHash: { token: string; hash: Promise<string> } | undefined

  function ownKey(): Promise<ProofKey> {
    key ??= loadProofKey(clientId)
    key.catch(() => {
      key = undefined
    })
    return key
  }

  function hash(token: string): Promise<string> {
    if (lastHash?.token !== token) lastHash = { token, hash: hashOf(token) }
    return lastHash.hash
  }

  return {
    async headersFor({ method, url }, accessToken) {
      const { origin, pathname } = new URL(url)
      const proofKey = await ownKey()
      const ath = accessToken === undefined ? undefined : await hash(accessToken)
      const { nonce, aheadMs = 0 } = factsOf(origin)
      const proof = await sign(proofKey, {
        jti: crypto.randomUUID(),
        htm: method,
        htu: origin + pathname,
        iat: Math.floor((systemClock.now() + aheadMs) / 1000),
        ath,
        nonce,
      })
      return accessToken === undefined
        ? { DPoP: proof }
        : { Authorization: `DPoP ${accessToken}`, DPoP: proof }
    },
    learnFrom(reply, url) {
      const { origin } = new URL(url)
      const before = factsOf(origin)
      const error = proofErrorOf(reply)
      const nonce = nonceIn(reply)
      // Only a refusal shows the clock: any other reply may come out of a cache, with an old date.
      const aheadMs = error === 'invalid_dpop_proof' ? clockErrorIn(reply) : undefined
      const shown = { ...(nonce !== undefined && { nonce }), ...(aheadMs !== undefined && { aheadMs }) }
      facts.set(origin, ownFields({ ...before, ...shown }))
      if (error === 'use_dpop_nonce') return nonce !== undefined
      return aheadMs !== undefined && Math.abs(aheadMs - (before.aheadMs ?? 0)) > leastClockErrorMs
    },
  }
}

function nonceIn({ header }: Reply): string | undefined {
  const nonce = header('DPoP-Nonce')
  return nonce !== null && nonceSyntax.test(nonce) ? nonce : undefined
}

/** Absent across origins, unless the server exposes `Date`. */
function clockErrorIn({ header }: Reply): number | undefined {
  const aheadMs = Date.parse(header('Date') ?? '') - systemClock.now()
  return Number.isNaN(aheadMs) ? undefined : aheadMs
}
