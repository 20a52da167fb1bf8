import { ownFields } from '../../core/own-fields.js'
import { pageUrl } from '../../http/page-url.js'
import type { RefreshEndpoint } from '../../http/refresh-endpoint.js'
import { parseJson, type Reply } from '../../http/reply.js'
import { readText } from '../../http/response-text.js'
import { isDpopExpiry } from './challenge.js'
import { createDpopProofs } from './dpop-proofs.js'
import { proofErrorOf } from './proof-error.js'

export type DpopHooks = Required<Pick<RefreshEndpoint, 'authorize' | 'onReply' | 'isExpired' | 'fetch'>>

/** In bytes. An error of RFC 6749 section 5.2 is far shorter. */
const longestError = 2 ** 16

/** DPoP (RFC 9449) as hooks of a refresh endpoint. */
export function createDpopHooks(clientId: string): DpopHooks {
  const proofs = createDpopProofs(clientId)
  return {
    authorize: (accessToken, request) => proofs.headersFor(request, accessToken),
    // A nonce of the server is asked for by a refusal of its own, and costs a second sending (section 9).
    onReply: (reply, { url }) => (proofs.learnFrom(reply, url) ? 'again' : undefined),
    isExpired: (reply) => isDpopExpiry(reply) && !proofErrorOf(reply),
    async fetch(given, init) {
      const { href: url, origin } = new URL(given, pageUrl())
      const own = ownFields(init)
      const method = (own.method ?? 'GET').toUpperCase()
      for (let mayRepeat = true; ; mayRepeat = false) {
        const headers = new Headers(own.headers)
        const proof = await proofs.headersFor({ method, url })
        for (const [name, value] of Object.entries(proof)) headers.set(name, value)
        const response = await fetch(url, ownFields({ ...own, headers }))
        // A redirect has led to another server, whose nonce is of no use here.
        if (response.url && new URL(response.url).origin !== origin) return response
        // A nonce may be asked for here, too (section 8).
        if (!proofs.learnFrom(await replyOf(response), url) || !mayRepeat) return response
      }
    },
  }
}

/** The reply of a token endpoint. Only an error is read, from a copy, because the caller reads the response itself. */
async function replyOf(response: Response): Promise<Reply> {
  const { status, headers } = response
  const text = status === 400 ? await readText(response.clone(), longestError) : undefined
  return {
    status,
    header: (name) => headers.get(name),
    body: text === undefined ? undefined : parseJson(text),
  }
}
