import type { SideName } from '../../backend/side-names.js'

/** What the scenarios do with an API client, whichever it is. */
export interface Client {
  readonly side: SideName
  readonly isSignedIn: boolean
  /** Resolves with false when the server would not have them. */
  signIn(username: string, password: string): Promise<boolean>
  signOut(): Promise<void>
  /** A call to the protected API, with nothing special about it. */
  call(path: string, latencyMs: number): Promise<unknown>
  /** The server takes the access token for expired from now on. Nobody tells the client. */
  endTokenEarly(): Promise<void>
}

/** Where a side's routes for a protocol begin, wherever the page itself is hosted. */
export function baseUrlOf(side: SideName, protocol: string): string {
  return new URL(`./${side}/${protocol}/`, document.baseURI).href
}
