import type { LifecycleEvent, PageLifecycle } from '../../../src/core/environment.js'
import type { Place } from './agenda.js'

/** A lifecycle whose life the test leads. */
export interface FakeLifecycle extends PageLifecycle {
  readonly listeners: number
  signal(what: LifecycleEvent): void
  /** A prerendered page is shown. */
  activate(): void
}

export function createFakeLifecycle(network: { isOnline: boolean }, place: Readonly<Place>): FakeLifecycle {
  const listeners = new Set<(what: LifecycleEvent) => void>()
  let activate = (): void => {}
  const activated = new Promise<void>((resolve) => {
    activate = resolve
  })
  return {
    isOnline: () => network.isOnline,
    isVisible: () => !place.isPrerendered,
    activation: () => (place.isPrerendered ? activated : undefined),
    activate,
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
