import type { PageSignal, PageSignals } from '../../../src/core/environment.js'

/** A page whose life the test leads. */
export interface FakePage extends PageSignals {
  readonly listeners: number
  signal(what: PageSignal): void
}

export function createFakePage(network: { isOnline: boolean }): FakePage {
  const listeners = new Set<(what: PageSignal) => void>()
  return {
    isOnline: () => network.isOnline,
    isVisible: () => true,
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    get listeners() {
      return listeners.size
    },
    signal(what) {
      for (const listener of [...listeners]) listener(what)
    },
  }
}
