import type { SideCounters } from '../../backend/index.js'
import type { SideName } from '../../backend/side-names.js'
import type { ScenarioName } from '../scenario-names.js'

/** Something that happened once, to all calls alike. */
export interface Moment {
  kind: 'signed-out' | 'expired' | 'adopted'
  at: number
  tab: string
}

/** One click and all that came of it. */
export interface Run {
  scenario: ScenarioName
  /** Each side by itself, for they run one after the other and are drawn one above the other. */
  startedAt: Partial<Record<SideName, number>>
  endedAt: number | null
  moments: Moment[]
  /** What the server counted meanwhile. */
  gains: Partial<Record<SideName, SideCounters>>
  signedInAtEnd: boolean
}

export function beginRun(scenario: ScenarioName): Run {
  return { scenario, startedAt: {}, endedAt: null, moments: [], gains: {}, signedInAtEnd: true }
}

export function gainOf(now: SideCounters, before: SideCounters): SideCounters {
  const entries = Object.entries(now).map(([key, value]) => [key, value - before[key as keyof SideCounters]])
  return Object.fromEntries(entries)
}
