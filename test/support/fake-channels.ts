import type { TabChannel, TabMessage } from '../../src/core/environment.js'

export interface FakeChannel extends TabChannel {
  /** What this tab has said. */
  readonly posted: readonly TabMessage[]
  readonly listeners: number
}

/** The channel between the tabs of one test; each call opens it for one more tab. */
export function createFakeChannels(): () => FakeChannel {
  const tabs = new Set<Set<(message: TabMessage) => void>>()
  return () => {
    const own = new Set<(message: TabMessage) => void>()
    const posted: TabMessage[] = []
    tabs.add(own)
    return {
      posted,
      post(message) {
        posted.push(message)
        queueMicrotask(() => {
          for (const others of tabs) if (others !== own) for (const listener of [...others]) listener(message)
        })
      },
      listen(listener) {
        own.add(listener)
        return () => own.delete(listener)
      },
      get listeners() {
        return own.size
      },
    }
  }
}
