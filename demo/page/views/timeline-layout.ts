import type { SideName } from '../../backend/side-names.js'
import { endOf, isOver, type Lane, startOf } from '../model/lane.js'

const titleHeight = 22
const groupGap = 10
const tallestRow = 13
const callsHeight = 240
const refreshesHeight = 48
const tallestRefresh = 14

/** A lane with its place from top to bottom. */
export interface Row {
  lane: Lane
  top: number
  height: number
}

/** All lines of one client in one tab, below a title of their own. */
export interface Group {
  side: SideName
  tab: string
  top: number
  refreshesTop: number
  callsTop: number
  bottom: number
}

export interface Layout {
  groups: Group[]
  rows: Row[]
  height: number
}

/** Puts the lanes one below the other: first those of the other client, then Latchkey's; of each, this tab's first. */
export function layOut(lanes: readonly Lane[], ownTab: string, top: number): Layout {
  const byGroup = new Map<string, Lane[]>()
  for (const lane of lanes) {
    const isLatchkey = lane.side === 'latchkey' || lane.side === 'with-worker'
    const key = `${isLatchkey ? 1 : 0}${lane.side}/${lane.tab === ownTab ? 0 : 1}${lane.tab}`
    const known = byGroup.get(key)
    if (known) known.push(lane)
    else byGroup.set(key, [lane])
  }
  const calls = lanes.filter(({ kind }) => kind === 'call').length
  const rowHeight = Math.min(tallestRow, callsHeight / Math.max(1, calls))

  const groups: Group[] = []
  const rows: Row[] = []
  let y = top
  for (const key of [...byGroup.keys()].sort()) {
    const members = byGroup.get(key) ?? []
    const [first] = members
    if (!first) continue
    const group = { side: first.side, tab: first.tab, top: y, refreshesTop: y + titleHeight }
    y = group.refreshesTop
    y = placeRefreshes(members, y, rows)
    const callsTop = y
    for (const lane of members) {
      if (lane.kind !== 'call') continue
      rows.push({ lane, top: y, height: rowHeight })
      y += rowHeight
    }
    groups.push({ ...group, callsTop, bottom: y })
    y += groupGap
  }
  return { groups, rows, height: y - groupGap }
}

/** Refreshes side by side in one track where they do not overlap; as many tracks as there are at a time. */
function placeRefreshes(members: readonly Lane[], top: number, rows: Row[]): number {
  const tracks: Lane[][] = []
  for (const lane of members) {
    if (lane.kind !== 'refresh') continue
    const free = tracks.find((track) => {
      const last = track.at(-1)
      return last && isOver(last) && endOf(last) <= startOf(lane)
    })
    if (free) free.push(lane)
    else tracks.push([lane])
  }
  if (tracks.length === 0) return top
  const height = Math.min(tallestRefresh, refreshesHeight / tracks.length)
  tracks.forEach((track, index) => {
    for (const lane of track) rows.push({ lane, top: top + index * height, height })
  })
  return top + tracks.length * height + 5
}
