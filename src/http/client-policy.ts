import { AuthError } from '../core/errors.js'
import { checkOptions } from '../core/options.js'
import type { RequestGuard } from './request-guard.js'
import {
  checkOrigins,
  createRequestPolicy,
  originsRule,
  parseUrl,
  type RequestPolicy,
} from './request-policy.js'

export interface WithSessionOptions {
  /** Further exact origins that may receive the access token from this client. */
  allowedOrigins?: string[]
}

/**
 * Where the requests of one client may take the token: to what the session allows, to what `options` allow, and to
 * `ownOrigins`. Throws a `TypeError` for an option that cannot be meant.
 */
export function createClientPolicy(
  guard: RequestGuard,
  options: WithSessionOptions,
  ownOrigins: readonly string[] = [],
): RequestPolicy {
  const { allowedOrigins = [] } = checkOptions('withSession', options, { allowedOrigins: originsRule })
  const own = checkOrigins(allowedOrigins, guard.page())
  return createRequestPolicy([...guard.allowedOrigins, ...ownOrigins, ...own], guard.page)
}

/** What clients without a base URL take as their own. */
export function refreshOriginOf(guard: RequestGuard): string[] {
  const url = parseUrl(guard.refreshUrl ?? '', undefined)
  return url ? [url.origin] : []
}

export const unsafeUrl = (): AuthError =>
  new AuthError('UNSAFE_URL', 'The URL of the request holds a user name or a password')
