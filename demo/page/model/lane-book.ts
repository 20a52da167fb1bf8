import { endOf, isOver, type Lane, startOf } from './lane.js'
import type { Moment, Run } from './run.js'

const mostLanes = 3_000

/** All lanes of all tabs, as long as anybody may want to look at them. */
export interface LaneBook {
  readonly isBusy: boolean
  readonly moments: readonly Moment[]
  put(lane: Lane): void
  note(moment: Moment): void
  /** What began after the run did, in this tab and in the others. */
  lanesOf(run: Run): Lane[]
  lanesSince(instant: number): Lane[]
}

export function createLaneBook(): LaneBook {
  const lanes = new Map<string, Lane>()
  const moments: Moment[] = []

  return {
    get isBusy() {
      return [...lanes.values()].some((lane) => !isOver(lane))
    },
    moments,

    put(lane) {
      lanes.set(lane.id, lane)
      if (lanes.size <= mostLanes) return
      for (const [id, each] of lanes) {
        if (isOver(each)) return void lanes.delete(id)
      }
    },

    note(moment) {
      moments.push(moment)
    },

    lanesOf(run) {
      const to = run.endedAt ?? Infinity
      return [...lanes.values()].filter(
        (lane) => startOf(lane) >= (run.startedAt[lane.side] ?? Infinity) && startOf(lane) <= to,
      )
    },

    lanesSince: (instant) => [...lanes.values()].filter((lane) => !isOver(lane) || endOf(lane) >= instant),
  }
}
