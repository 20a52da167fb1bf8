import type { EndedEarly } from './access-tokens.js'
import { type Counters, createCounters } from './counters.js'
import { createSettings, type Settings } from './settings.js'
import { type SideName, sideNames } from './side-names.js'

/** What one visitor's server knows, but for the refresh tokens. Plain data, so that it can be put away and taken up again. */
export interface BackendState {
  settings: Settings
  endedEarly: EndedEarly
  counters: Record<SideName, Counters>
}

export function createState(): BackendState {
  return {
    settings: createSettings(),
    endedEarly: {},
    counters: Object.fromEntries(sideNames.map((name) => [name, createCounters()])) as Record<
      SideName,
      Counters
    >,
  }
}
