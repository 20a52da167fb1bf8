import type { SideCounters } from '../backend/index.js'
import type { Settings } from '../backend/settings.js'
import type { SideName } from '../backend/side-names.js'

export type AllCounters = Record<SideName, SideCounters>

/** The desk behind the server: what it shall do, and what it has seen. */
export interface Control {
  settings(): Promise<Settings>
  /** `isLast` for a page that is about to go: the request outlives it. */
  change(wish: Partial<Settings>, isLast?: boolean): Promise<Settings>
  counters(): Promise<AllCounters>
  /** The server forgets every sign-in of this side, and tells nobody. */
  forget(side: SideName): Promise<void>
}

export function createControl(): Control {
  async function ask<T>(path: string, init?: RequestInit): Promise<T> {
    const reply = await fetch(new URL(`./demo/${path}`, document.baseURI), init)
    if (!reply.ok) throw new Error((await reply.json()).message)
    return reply.status === 204 ? (undefined as T) : reply.json()
  }

  return {
    settings: () => ask('settings'),
    change: (wish, isLast = false) =>
      ask('settings', { method: 'PUT', body: JSON.stringify(wish), keepalive: isLast }),
    counters: () => ask('counters'),
    forget: (side) => ask(`forget/${side}`, { method: 'POST' }),
  }
}
