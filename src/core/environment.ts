import type { Clock } from './clock.js'

/**
 * Runs `work` while no other tab runs its own, and hands back what it returned. Rejects with the signal's reason when
 * that aborts while waiting; what to do about an abort during the work is the work's own affair.
 */
export type Lock = <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>

/** What tabs tell each other: never more than "look again", for anybody on the origin can listen and speak. */
export type TabMessage =
  | { type: 'changed' } // the store holds something new
  | { type: 'ended'; session: string } // the server ended that session; the store forgets it
  | { type: 'ping' } // is the holder of the lock alive?
  | { type: 'alive' } // it is
  | { type: 'cool-down'; until: number } // the auth server asked for quiet

export interface TabChannel {
  post(message: TabMessage): void
  listen(listener: (message: TabMessage) => void): () => void
}

export type PageSignal = 'wake' | 'online' | 'freeze' | 'leave'

export interface PageSignals {
  /** `false` only when the page surely has no network. */
  isOnline(): boolean
  isVisible(): boolean
  /**
   * `wake`: the page may have slept; `online`: the network came back; `freeze`: the page is put to sleep; `leave`: it is
   * left, for good or for the back-forward cache.
   */
  listen(listener: (signal: PageSignal) => void): () => void
}

/** The place a session runs in. A test hands in its own. */
export interface Environment {
  clock: Clock
  /** Uniform in [0, 1), as `Math.random`. */
  random(): number
  lock: Lock
  channel: TabChannel
  page: PageSignals
}
