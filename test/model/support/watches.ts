import { everyWaitEnds } from './every-wait-ends.js'
import { lockIsLetGo } from './lock-is-let-go.js'
import { newTokensAreKept } from './new-tokens-are-kept.js'
import { noLateResult } from './no-late-result.js'
import { noSpentToken } from './no-spent-token.js'
import { noTokenLeaks } from './no-token-leaks.js'
import { nothingAfterDispose } from './nothing-after-dispose.js'
import { nothingOutOfSight } from './nothing-out-of-sight.js'
import { oneRefreshInFlight } from './one-refresh-in-flight.js'
import { onlyEndedEnds } from './only-ended-ends.js'
import { onlyForItsUser } from './only-for-its-user.js'
import { refreshIsWorthIt } from './refresh-is-worth-it.js'
import type { CreateWatch } from './watch.js'

/** One for each invariant of the library, in their order. */
export const watches: readonly CreateWatch[] = [
  oneRefreshInFlight,
  noLateResult,
  noSpentToken,
  everyWaitEnds,
  onlyEndedEnds,
  noTokenLeaks,
  refreshIsWorthIt,
  lockIsLetGo,
  newTokensAreKept,
  nothingAfterDispose,
  onlyForItsUser,
  nothingOutOfSight,
]
