import { attempt } from '../core/attempt.js'
import { systemClock } from '../core/clock.js'
import type { SessionNews } from '../core/events.js'
import type { RefreshTiming } from '../core/expiry.js'
import { isObject } from '../core/is-object.js'
import { ownFields } from '../core/own-fields.js'
import type { Renew } from '../core/refresh-coordinator.js'
import type { StoredTokens } from '../core/tokens.js'
import { renewAt, requestOf } from './refresh-call.js'
import { checkEndpoint, type RefreshEndpoint } from './refresh-endpoint.js'
import { type RefreshFunction, renewBy } from './refresh-function.js'
import { parseUrl } from './request-policy.js'
import { readSignIn } from './sign-in-reply.js'
import { createSignOutCall } from './sign-out-call.js'

/** All that the rest wants to know about where new tokens come from. */
export interface RefreshSource
  extends Pick<RefreshEndpoint, 'isExpired' | 'onReply' | 'authorize' | 'silentStart'> {
  renew: Renew
  timing: RefreshTiming
  canRenew(tokens: StoredTokens): boolean
  /** The tokens in what `setTokens` was given, still unchecked. Throws `INVALID_TOKENS` where there are none. */
  readSignIn(given: unknown): unknown
  /** Tells the server that the user has signed out. */
  tellSignOut?: (tokens: StoredTokens) => void
  /** Whether the app's own refresh function is making this very call. */
  isOwnCall(signal: AbortSignal | undefined): boolean
  /** The endpoint's URL, where it is known. */
  url: string | undefined
}

export const refreshRule =
  'what your server speaks: headerPair, jsonRefresh, jsonPair, bearerRefresh, cookie, oauth2 or another function of latchkey/servers, such as headerPair({ url }); an endpoint object with url and send; or a function that makes the call'

/** Reads the option `refresh`; throws a `TypeError` that says what it takes. */
export function resolveRefresh(
  refresh: RefreshEndpoint | RefreshFunction | undefined,
  page: () => string | undefined,
  tell: (news: SessionNews) => void,
): RefreshSource {
  if (typeof refresh === 'function') {
    return ownFields<RefreshSource>({
      ...renewBy(refresh, systemClock.now),
      timing: 'any',
      canRenew: () => true,
      readSignIn: (given) => readSignIn(given, ownFields({})),
      url: undefined,
    })
  }
  if (!isObject(refresh) || refresh instanceof URL) {
    throw new TypeError(`createSession: refresh takes ${refreshRule}`)
  }
  const endpoint = checkEndpoint(refresh, page())
  const { timing = 'any', signOut } = endpoint
  // What the page's URL is now counts, for a `<base>` that comes later must not lead the tokens elsewhere.
  const url = parseUrl(String(endpoint.url), page())?.href
  return ownFields<RefreshSource>({
    ...endpoint,
    renew: renewAt(endpoint, url, systemClock.now, tell),
    timing,
    canRenew: (tokens) => attempt(() => requestOf(endpoint, tokens)) !== null,
    readSignIn: (given) => readSignIn(given, endpoint),
    ...(signOut && { tellSignOut: createSignOutCall(signOut, tell) }),
    isOwnCall: () => false,
    url,
  })
}
