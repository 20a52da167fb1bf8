import { ownFields } from '../../core/own-fields.js'
import { isExpiryReply } from '../../http/challenge.js'
import type { RefreshEndpoint } from '../../http/refresh-endpoint.js'
import { parseJson } from '../../http/reply.js'
import { readText } from '../../http/response-text.js'
import { createDpopProof } from './dpop-proof.js'
import { proofErrorOf } from './proof-error.js'

export type DpopHooks = Required<Pick<RefreshEndpoint, 'authorize' | 'onReply' | 'isExpired' | 'fetch'>>

/** An error of RFC 6749 section 5.2 is far shorter. */
const longestError = 2 ** 16

/** DPoP (RFC 9449) as hooks of a refresh endpoint. */
export function createDpopHooks(clientId: string): DpopHooks {
  const proof = createDpopProof(clientId)
  return {
    authorize: (accessToken, request) => proof.headersFor(request, accessToken),
    // Once more where the server wants nothing but a nonce of its own in the proof (section 9).
    onReply: (reply, { url }) => (proof.heed(reply, url) ? 'again' : undefined),
    isExpired: (reply) => isExpiryReply(reply, 'dpop') && !proofErrorOf(reply),
    async fetch(url, init) {
      for (let mayRepeat = true; ; mayRepeat = false) {
        const headers = new Headers(init.headers)
        const own = await proof.headersFor({ method: init.method ?? 'POST', url })
        for (const [name, value] of Object.entries(own)) headers.set(name, value)
        const response = await fetch(url, ownFields({ ...init, headers }))
        const { status } = response
        const text = status === 400 ? await readText(response.clone(), longestError) : undefined
        const body = text === undefined ? undefined : parseJson(text)
        const reply = { status, header: (name: string) => response.headers.get(name), body }
        // Once more for a nonce (section 8).
        if (!proof.heed(reply, url) || !mayRepeat) return response
      }
    },
  }
}
