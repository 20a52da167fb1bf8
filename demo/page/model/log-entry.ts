import type { SessionEvent } from '../../../src/index.js'

/** An event of the session, with the tab it happened in. */
export interface LogEntry {
  tab: string
  /** By the clock that is never wrong. */
  at: number
  event: SessionEvent
}
