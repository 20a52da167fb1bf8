import { attempt } from '../core/attempt.js'
import type { SessionNews } from '../core/events.js'
import { parseUrl } from './request-policy.js'

/**
 * What to say of a request with the token that failed without a reply: across origins that may be a 401 without
 * `Access-Control-Allow-Origin`, which the browser hides. Once per origin, for it may be the network after all.
 */
export function createHiddenRefusalHint(
  page: () => string | undefined,
  tell: (news: SessionNews) => void,
): (request: { readonly signal: AbortSignal | undefined; describe(): string }) => void {
  const told = new Set<string>()
  return (request) => {
    const own = parseUrl(page() ?? '', undefined)?.origin
    if (own === undefined || request.signal?.aborted || globalThis.navigator?.onLine === false) return
    // What failed may have been the URL itself.
    const origin = attempt(() => parseUrl(request.describe(), undefined)?.origin)
    if (origin === undefined || origin === own || told.has(origin)) return
    told.add(origin)
    const message = `A request to ${origin} with the token failed without a reply, as a 401 without Access-Control-Allow-Origin does`
    tell({ type: 'warning', code: 'REPLY_HIDDEN', message })
  }
}
