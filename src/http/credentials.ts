import type { Reply } from './reply.js'

/** The headers that carry an access token. */
export type Credentials = Readonly<Record<string, string>>

export const bearer = (accessToken: string): Credentials => ({ Authorization: `Bearer ${accessToken}` })

/** For tokens that are good only together with a proof that the sender holds a key (RFC 9449). */
export interface TokenProof {
  /**
   * The headers of one sending, to `url` without query and fragment. Without an access token: those of a call to the
   * token endpoint, which proves the key alone.
   */
  headersFor(request: { method: string; url: string }, accessToken?: string): Promise<Credentials>
  /** Learns the nonce that a server asks for; whether the request was refused for want of nothing else. */
  heed(reply: Reply, url: string): boolean
}
