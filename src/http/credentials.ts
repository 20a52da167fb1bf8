import type { Reply } from './reply.js'

/** The headers that carry an access token. */
export type Credentials = Readonly<Record<string, string>>

export const bearer = (accessToken: string): Credentials => ({ Authorization: `Bearer ${accessToken}` })

/** For tokens that are good only together with a proof that the sender holds a key (RFC 9449). */
export interface TokenProof {
  /**
   * The headers of one sending to `url`, whose query and fragment do not count. Without an access token: those of a call
   * to the token endpoint, which proves the key alone.
   */
  headersFor(request: { method: string; url: string }, accessToken?: string): Promise<Credentials>
  /** Learns the nonce that a server asks for; whether the request was refused for want of nothing else. */
  heed(reply: Reply, url: string): boolean
}

/** What `sendProved` needs of a sending. */
interface Sending<R> {
  send(credentials: Credentials): Promise<R>
  replyOf(reply: R): Reply
  /** Whether the body can be sent a second time. */
  readonly isReplayable: boolean
  /** Frees the reply's connection. */
  discard(reply: R): void
}

/**
 * Sends with a proof: once more at once where the server wants nothing but a nonce of its own in it (RFC 9449 sections 8
 * and 9).
 */
export async function sendProved<R>(
  proof: TokenProof,
  request: { method: string; url: string },
  accessToken: string | undefined,
  sending: Sending<R>,
): Promise<R> {
  for (let mayRepeat = sending.isReplayable; ; mayRepeat = false) {
    const reply = await sending.send(await proof.headersFor(request, accessToken))
    if (!proof.heed(sending.replyOf(reply), request.url) || !mayRepeat) return reply
    sending.discard(reply)
  }
}
