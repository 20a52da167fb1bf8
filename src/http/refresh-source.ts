import { systemClock } from '../core/clock.js'
import type { RefreshTiming } from '../core/expiry.js'
import type { Renew } from '../core/refresh-coordinator.js'
import type { StoredTokens } from '../core/tokens.js'
import type { TokenProof } from './credentials.js'
import { checkEndpoint, type RefreshEndpoint, renewAt } from './refresh-endpoint.js'
import { type RefreshFunction, renewBy } from './refresh-function.js'
import { parseUrl } from './request-policy.js'

/** All that the rest wants to know about where new tokens come from. */
export interface RefreshSource {
  renew: Renew
  timing: RefreshTiming
  canRenew(tokens: StoredTokens): boolean
  /** Whether the app's own refresh function is making this very call. */
  isOwnCall(signal: AbortSignal | undefined): boolean
  /** The endpoint's URL, where it is known. */
  url(): string | undefined
  readonly proof: TokenProof | undefined
}

export const refreshRule =
  "where new tokens come from: a URL such as 'https://api.example.com/auth/refresh', an endpoint object, or a function"

/** Reads the option `refresh`; throws a `TypeError` that says what it takes. */
export function resolveRefresh(
  refresh: string | URL | RefreshEndpoint | RefreshFunction | undefined,
  page: () => string | undefined,
): RefreshSource {
  if (!refresh) throw new TypeError(`createSession: refresh takes ${refreshRule}`)
  if (typeof refresh === 'function') {
    return {
      ...renewBy(refresh, systemClock.now),
      timing: 'any',
      canRenew: () => true,
      url: () => undefined,
      proof: undefined,
    }
  }
  const isUrl = typeof refresh === 'string' || refresh instanceof URL
  const endpoint = checkEndpoint(isUrl ? { url: refresh } : refresh, page())
  const { send = 'headers', timing = send === 'headers' ? 'after-expiry' : 'any' } = endpoint
  // What the page's URL is now counts, for a `<base>` that comes later must not lead the tokens elsewhere.
  const base = page()
  const url = (): string | undefined => parseUrl(String(endpoint.url), base)?.href
  return {
    renew: renewAt(endpoint, url, systemClock.now),
    timing,
    canRenew: ({ refreshToken }) =>
      refreshToken !== undefined || send === 'cookie' || typeof send === 'function',
    isOwnCall: () => false,
    url,
    proof: endpoint.proof,
  }
}
