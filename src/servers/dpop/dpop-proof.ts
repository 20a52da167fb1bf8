import { systemClock } from '../../core/clock.js'
import type { RequestTarget } from '../../http/refresh-endpoint.js'
import type { Reply } from '../../http/reply.js'
import { proofErrorOf } from './proof-error.js'
import { loadProofKey, type ProofKey } from './proof-key.js'

/** What a server has let us know, by origin: nonces of one are of no use at another (RFC 9449 section 8.2). */
interface Heard {
  nonce?: string
  /** How far its clock is ahead of ours, in milliseconds. */
  aheadMs?: number
}

/** `nonce`, RFC 9449 section 8.1. */
const nonceSyntax = /^[\x21\x23-\x5b\x5d-\x7e]{1,2000}$/
/** A `Date` header is whole seconds, and has been on its way; a proof may be some seconds off (section 11.1). */
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

/** For tokens that are good only together with a proof that the sender holds a key. */
export interface DpopProof {
  /**
   * The headers of one sending to `url`, whose query and fragment do not count. Without an access token: those of a call
   * to the token endpoint, which proves the key alone.
   */
  headersFor(request: RequestTarget, accessToken?: string): Promise<Record<string, string>>
  /** Learns the nonce that a server asks for; whether the request was refused for want of nothing else. */
  heed(reply: Reply, url: string): boolean
}

/** Proofs of possession by RFC 9449: a fresh one for every sending. */
export function createDpopProof(clientId: string): DpopProof {
  const heard = new Map<string, Heard>()
  let key: Promise<ProofKey> | undefined
  let hashed: { token: string; hash: Promise<string> } | undefined

  function keyInHand(): Promise<ProofKey> {
    key ??= loadProofKey(clientId)
    key.catch(() => {
      key = undefined
    })
    return key
  }

  function hash(token: string): Promise<string> {
    if (hashed?.token !== token) hashed = { token, hash: hashOf(token) }
    return hashed.hash
  }

  return {
    async headersFor({ method, url }, accessToken) {
      const { origin, pathname } = new URL(url)
      const ownKey = await keyInHand()
      const ath = accessToken === undefined ? undefined : await hash(accessToken)
      const { nonce, aheadMs = 0 } = heard.get(origin) ?? {}
      const proof = await sign(ownKey, {
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
    heed(reply, url) {
      const { origin } = new URL(url)
      const before = heard.get(origin) ?? {}
      const error = proofErrorOf(reply)
      const nonce = nonceIn(reply)
      // Of a refusal only: any other reply may come out of a cache, with a date of yesterday.
      const aheadMs = error === 'invalid_dpop_proof' ? clockErrorIn(reply) : undefined
      heard.set(origin, {
        ...before,
        ...(nonce !== undefined && { nonce }),
        ...(aheadMs !== undefined && { aheadMs }),
      })
      if (error === 'use_dpop_nonce') return nonce !== undefined
      return aheadMs !== undefined && Math.abs(aheadMs - (before.aheadMs ?? 0)) > leastClockErrorMs
    },
  }
}

function nonceIn({ header }: Reply): string | undefined {
  const nonce = header('DPoP-Nonce')
  return nonce !== null && nonceSyntax.test(nonce) ? nonce : undefined
}

/** Where the server shows its clock: across origins only if it exposes `Date`. */
function clockErrorIn({ header }: Reply): number | undefined {
  const aheadMs = Date.parse(header('Date') ?? '') - systemClock.now()
  return Number.isNaN(aheadMs) ? undefined : aheadMs
}
