import type { Lane } from './lane.js'

const everyMs = 60

/** Gathers what changes within a moment, so that the other tabs are not told of each step by itself. */
export interface LanePost {
  add(lane: Lane): void
}

export function createLanePost(send: (lanes: Lane[]) => void): LanePost {
  const waiting = new Set<Lane>()

  return {
    add(lane) {
      if (waiting.size === 0) {
        setTimeout(() => {
          send([...waiting])
          waiting.clear()
        }, everyMs)
      }
      waiting.add(lane)
    },
  }
}
