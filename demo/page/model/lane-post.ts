import type { Lane } from './lane.js'

const everyMs = 60

/** Gathers what changes within a moment, so that the other tabs are not told of each step by itself. */
export interface LanePost {
  add(lane: Lane): void
  /** Sends what waits, ahead of what is told next. */
  flush(): void
}

export function createLanePost(send: (lanes: Lane[]) => void): LanePost {
  const waiting = new Set<Lane>()

  function flush(): void {
    if (waiting.size > 0) send([...waiting])
    waiting.clear()
  }

  return {
    add(lane) {
      if (waiting.size === 0) setTimeout(flush, everyMs)
      waiting.add(lane)
    },
    flush,
  }
}
