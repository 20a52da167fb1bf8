import type { AxiosAdapter } from 'axios'

/** Where a peer is wired: against a real server, or with an adapter or a `fetch` that does nothing. */
export interface Place {
  /** Of the API; the refresh endpoint is at `/auth/refresh`. */
  origin: string
  adapter?: AxiosAdapter
  fetch?: typeof fetch
  /** Where peers keep tokens that leave it to the app: `localStorage` in a page. */
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  /** What the server tells of its tokens' expiry; a peer with several settings takes the one that suits. */
  expiry: 'known' | 'unknown'
  /** How long before the expiry a refresh may start, in a peer that can do that. */
  aheadMs: number
}

/** What the auth server hands out. */
export interface Tokens {
  accessToken: string
  refreshToken: string
  expires_in: number
  expires_at: number
}

export interface Client {
  signIn(tokens: Tokens): void | Promise<void>
  /** Rejects unless the API accepts the request. */
  get(path: string, options?: { signal?: AbortSignal; headers?: Record<string, string> }): Promise<unknown>
  close?(): void
}

export interface Peer {
  name: string
  wire(place: Place): Client | Promise<Client>
}
