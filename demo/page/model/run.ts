import type { SideCounters } from '../../backend/index.js'
import type { SideName } from '../../backend/side-names.js'
import type { Standing } from '../clients/client.js'
import type { ScenarioName } from '../scenario-names.js'

/** Something that happened once, to all calls alike. */
export interface Moment {
  side: SideName
  kind: 'signed-out' | 'expired' | 'adopted' | 'reloaded'
  at: number
  tab: string
}

/** One click and all that came of it. */
export interface Run {
  id: string
  scenario: ScenarioName
  /** Those that run, in this order. */
  sides: readonly SideName[]
  /** The first call of each side, for they run one after the other and are drawn one above the other. */
  startedAt: Partial<Record<SideName, number>>
  endedAt: number | null
  moments: Moment[]
  /** What the server counted meanwhile. */
  gains: Partial<Record<SideName, SideCounters>>
  /** Where the user stands when it is over. */
  standings: Partial<Record<SideName, Standing>>
}

export function beginRun(scenario: ScenarioName, sides: readonly SideName[]): Run {
  return {
    id: crypto.randomUUID(),
    scenario,
    sides,
    startedAt: {},
    endedAt: null,
    moments: [],
    gains: {},
    standings: {},
  }
}

export function gainOf(now: SideCounters, before: SideCounters): SideCounters {
  const entries = Object.entries(now).map(([key, value]) => [key, value - before[key as keyof SideCounters]])
  return Object.fromEntries(entries)
}
