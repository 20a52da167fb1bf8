import type { Clock } from './clock.js'

/**
 * Runs `work` while no other tab runs its own, and hands back what it returned. Rejects with the signal's reason when
 * that aborts while waiting; an abort during the work is the work's own affair.
 */
export type Lock = <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>

/** What tabs send each other: never more than "read again", since every script of the origin can listen and post. */
export type TabMessage =
  | { type: 'changed' } // the store holds something new
  | { type: 'ended'; session: string } // the server ended that session; the store no longer holds it
  | { type: 'signed-in' } // here, whatever the store says: a cookie that tabs share may be another user's
  | { type: 'signed-out' }
  | { type: 'spent'; session: string; generation: number } // the refresh token in that record was answered; nothing newer could be stored
  | { type: 'ping' } // is the holder of the lock alive?
  | { type: 'alive' } // it is
  | { type: 'quiet'; until: number } // the auth server asked for quiet

export interface TabChannel {
  post(message: TabMessage): void
  /** Returns the removal. */
  listen(listener: (message: TabMessage) => void): () => void
}

export type LifecycleEvent = 'wake' | 'online' | 'freeze' | 'leave'

export interface PageLifecycle {
  /** `false` only when the page surely has no network. */
  isOnline(): boolean
  isVisible(): boolean
  /** Resolves when a prerendered page is shown; `undefined` for any other page. */
  activation?(): Promise<void> | undefined
  /**
   * `wake`: the page may have slept; `online`: the network came back; `freeze`: the page is put to sleep; `leave`: the user
   * leaves it, for good or for the back-forward cache. Returns the removal.
   */
  listen(listener: (event: LifecycleEvent) => void): () => void
}

/** The effects of a session. Tests bring their own. */
export interface Environment {
  clock: Clock
  /** Uniform in [0, 1), as `Math.random`. */
  random(): number
  lock: Lock
  channel: TabChannel
  lifecycle: PageLifecycle
  /** Called once, when the session is over and nothing of it is under way. */
  close?(): void
}
