import type { TabMessage } from '../../../src/core/environment.js'
import type { SessionEvent } from '../../../src/core/events.js'
import type { SessionState } from '../../../src/core/state.js'
import type { StoredTokens } from '../../../src/core/tokens.js'
import type { ModelRequest } from './api.js'
import type { RefreshCall } from './refresh-line.js'
import type { ModelCall, Tab } from './tab.js'

/** What the watches hear, as it happens. */
export type Happening =
  | { type: 'refresh-sent' | 'refresh-answered'; tab: Tab; call: RefreshCall }
  | { type: 'told'; tab: Tab; event: SessionEvent }
  | { type: 'shown'; tab: Tab; state: SessionState }
  | { type: 'request-sent' | 'request-answered' | 'request-settled'; tab: Tab; request: ModelRequest }
  | { type: 'call-made' | 'call-settled'; tab: Tab; call: ModelCall }
  /** Without a tab: the user cleared the site's data. */
  | {
      type: 'committed'
      tab: Tab | undefined
      before: StoredTokens | null
      record: StoredTokens | null
    }
  | { type: 'posted'; tab: Tab; message: TabMessage }
  | { type: 'heard'; tab: Tab; message: TabMessage; isForged: boolean }
  /** The user signed in or out in this tab, and so left one family for another. */
  | { type: 'acted'; tab: Tab; left: number | undefined; family: number | undefined }
  | { type: 'disposed' | 'crashed' | 'robbed' | 'frozen' | 'thawed' | 'activated'; tab: Tab }
