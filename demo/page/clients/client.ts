import type { SideName } from '../../backend/side-names.js'

/**
 * - `tokens-lost`: something is stored, but no tokens, so that the next call finds the user signed out
 * - `session-ended`: there are tokens, but of a session that the server has ended, so that the next refresh does
 */
export type Standing = 'signed-in' | 'signed-out' | 'tokens-lost' | 'session-ended'

/** What the scenarios do with an API client, whichever it is. */
export interface Client {
  readonly side: SideName
  readonly standing: Standing
  /** How long the access token in hand has to live. */
  readonly expiresInMs: number
  /** Resolves with false when the server would not have them. */
  signIn(username: string, password: string): Promise<boolean>
  signOut(): Promise<void>
  /** A call to the protected API, with nothing special about it. */
  call(path: string, latencyMs: number): Promise<unknown>
  /** The server takes the access token for expired from now on. Nobody tells the client. */
  endTokenEarly(): Promise<void>
  /** Where the app is a page by itself: its user reloads it. Calls that are under way reject with `pageGone`. */
  reload?(): Promise<void>
}

/** Where a side's routes for a protocol begin, wherever the page itself is hosted. */
export function baseUrlOf(side: SideName, protocol: string, root: string = document.baseURI): string {
  return new URL(`./${side}/${protocol}/`, root).href
}
