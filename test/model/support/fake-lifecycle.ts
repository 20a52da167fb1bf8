import type { LifecycleEvent, PageLifecycle } from '../../../src/core/environment.js'

/** A lifecycle whose life the test leads. */
export interface FakeLifecycle extends PageLifecycle {
  readonly listeners: number
  signal(what: LifecycleEvent): void
}

export function createFakeLifecycle(network: { isOnline: boolean }): FakeLifecycle {
  const listeners = new Set<(what: LifecycleEvent) => void>()
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
