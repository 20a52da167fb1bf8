import type { PageSignal, PageSignals } from '../../src/core/environment.js'

export interface FakePage extends PageSignals {
  isOnlineNow: boolean
  isVisibleNow: boolean
  signal(what: PageSignal): void
  readonly listeners: number
}

/** A page that is online and visible until the test says otherwise. */
export function createFakePage(): FakePage {
  const listeners = new Set<(signal: PageSignal) => void>()
  return {
    isOnlineNow: true,
    isVisibleNow: true,
    isOnline() {
      return this.isOnlineNow
    },
    isVisible() {
      return this.isVisibleNow
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    signal(what) {
      for (const listener of [...listeners]) listener(what)
    },
    get listeners() {
      return listeners.size
    },
  }
}
