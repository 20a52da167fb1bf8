import type { Session } from '../../src/index.js'
import type { SideName } from '../backend/side-names.js'
import type { DemoClaims } from './clients/session.js'
import { realNow } from './clock.js'
import type { LogEntry } from './model/log-entry.js'
import type { Recorder } from './model/recorder.js'
import type { Moment } from './model/run.js'
import type { Tabs } from './tabs.js'

/** What happens to the tokens in this tab, told to this page and to the others. */
export interface NewsDesk {
  onEntry(entry: LogEntry): void
  onMoment(moment: Moment): void
}

/** Returns what an opponent calls whose tokens are gone. */
export function spreadNews(
  session: Session<DemoClaims>,
  recorder: Recorder,
  tabs: Tabs,
  desk: NewsDesk,
): (side: SideName) => void {
  function tell(moment: Moment): void {
    desk.onMoment(moment)
    tabs.tell({ type: 'moment', moment })
  }

  session.on((event) => {
    if (event.type === 'request-held') recorder.noteHeld('latchkey', event.url)
    const at = realNow()
    const entry: LogEntry = { tab: tabs.own, at, event }
    desk.onEntry(entry)
    tabs.tell({ type: 'log', entry })
    if (event.type !== 'adopted' && event.type !== 'expired' && event.type !== 'signed-out') return
    tell({ side: 'latchkey', kind: event.type, at, tab: tabs.own })
  })

  return (side) => tell({ side, kind: 'signed-out', at: realNow(), tab: tabs.own })
}
