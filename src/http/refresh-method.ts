import { systemClock } from '../core/clock.js'
import { isObject, ownFields } from '../core/own-fields.js'
import type { SessionParts } from '../core/session-parts.js'
import { isDevelopment } from '../development/is-development.js'
import { refreshRule } from '../development/session-options.js'
import type { RequestRules } from './authenticated-request.js'
import { pageUrl } from './page-url.js'
import { createRefreshCall, requestOf } from './refresh-call.js'
import { checkEndpoint, type RefreshEndpoint } from './refresh-endpoint.js'
import { createFunctionCall, type RefreshFunction } from './refresh-function.js'
import { readSignIn } from './sign-in-reply.js'

/** What the rest needs of the option `refresh`. */
export type RefreshMethod = RequestRules &
  Pick<SessionParts, 'callRefresh' | 'canRefresh' | 'timing' | 'readSignIn' | 'signOut' | 'silentStart'>

/** Reads the option `refresh`; throws a `TypeError` that says what it takes. */
export function readRefreshMethod(refresh: RefreshEndpoint | RefreshFunction | undefined): RefreshMethod {
  const { now } = systemClock
  if (typeof refresh === 'function') {
    return ownFields<RefreshMethod>({
      ...createFunctionCall(refresh, now),
      timing: 'any',
      canRefresh: () => true,
      readSignIn: (given) => readSignIn(given, ownFields({})),
    })
  }
  if (!isObject(refresh) || refresh instanceof URL) {
    throw new TypeError(isDevelopment ? refreshRule : 'refresh')
  }
  const endpoint = checkEndpoint(refresh, pageUrl())
  return ownFields<RefreshMethod>({
    ...endpoint,
    timing: endpoint.timing ?? 'any',
    refreshUrl: endpoint.url,
    callRefresh: createRefreshCall(endpoint, now),
    canRefresh(tokens) {
      try {
        return requestOf(endpoint, tokens) !== null
      } catch {
        // The refresh itself says what is wrong.
        return true
      }
    },
    readSignIn: (given) => readSignIn(given, endpoint),
  })
}
