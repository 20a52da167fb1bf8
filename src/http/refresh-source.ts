import { systemClock } from '../core/clock.js'
import type { SessionNews } from '../core/events.js'
import type { RefreshTiming } from '../core/expiry.js'
import { ownFields } from '../core/own-fields.js'
import type { Renew } from '../core/refresh-coordinator.js'
import type { StoredTokens } from '../core/tokens.js'
import { renewAt } from './refresh-call.js'
import { checkEndpoint, type RefreshEndpoint } from './refresh-endpoint.js'
import { type RefreshFunction, renewBy } from './refresh-function.js'
import { initOf } from './refresh-request.js'
import { parseUrl } from './request-policy.js'
import { readSignIn } from './sign-in-reply.js'
import { createSignOutCall } from './sign-out-call.js'

/** All that the rest wants to know about where new tokens come from. */
export interface RefreshSource
  extends Pick<RefreshEndpoint, 'isExpired' | 'parseAny' | 'proof' | 'silentStart'> {
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
  "where new tokens come from: a URL such as 'https://api.example.com/auth/refresh', an endpoint object, or a function"

/** Reads the option `refresh`; throws a `TypeError` that says what it takes. */
export function resolveRefresh(
  refresh: string | URL | RefreshEndpoint | RefreshFunction | undefined,
  page: () => string | undefined,
  tell: (news: SessionNews) => void,
): RefreshSource {
  if (!refresh) throw new TypeError(`createSession: refresh takes ${refreshRule}`)
  if (typeof refresh === 'function') {
    return ownFields<RefreshSource>({
      ...renewBy(refresh, systemClock.now),
      timing: 'any',
      canRenew: () => true,
      readSignIn: (given) => readSignIn(given, ownFields({})),
      url: undefined,
    })
  }
  const isUrl = typeof refresh === 'string' || refresh instanceof URL
  const endpoint = checkEndpoint(isUrl ? { url: refresh } : refresh, page())
  const { send = 'headers', timing = send === 'headers' ? 'after-expiry' : 'any', names, signOut } = endpoint
  const nameOfRefresh = names?.refreshToken
  // What the page's URL is now counts, for a `<base>` that comes later must not lead the tokens elsewhere.
  const base = page()
  const url = parseUrl(String(endpoint.url), base)?.href
  return ownFields<RefreshSource>({
    ...endpoint,
    renew: renewAt(endpoint, url, systemClock.now, tell),
    timing,
    // Of a function it is not known what it sends, unless it has a name for it.
    canRenew: ({ refreshToken }) =>
      refreshToken !== undefined ||
      send === 'cookie' ||
      (typeof send === 'function' ? !nameOfRefresh : nameOfRefresh === ''),
    readSignIn: (given) => readSignIn(given, endpoint),
    ...(signOut && {
      tellSignOut: createSignOutCall(
        parseUrl(String(signOut.url), base)?.href,
        (tokens) => initOf(ownFields({ ...endpoint, method: 'POST', ...signOut }), tokens),
        tell,
      ),
    }),
    isOwnCall: () => false,
    url,
  })
}
