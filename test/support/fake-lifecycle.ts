import type { LifecycleEvent, PageLifecycle } from '../../src/core/environment.js'

export interface FakeLifecycle extends PageLifecycle {
  isOnlineNow: boolean
  isVisibleNow: boolean
  signal(what: LifecycleEvent): void
  readonly listeners: number
}

/** A page that is online and visible until the test says otherwise. */
export function createFakeLifecycle(): FakeLifecycle {
  const listeners = new Set<(signal: LifecycleEvent) => void>()
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
