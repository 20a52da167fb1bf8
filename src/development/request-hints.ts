import type { Emit } from '../core/events.js'
import type { RequestReader } from '../http/http-client.js'
import { parseUrl } from '../http/origin-policy.js'
import { pageUrl } from '../http/page-url.js'

export interface RequestHints {
  /** The app refreshes by the wrapped client. */
  refreshThroughClient(): void
  /** A request was accepted: that to the refresh endpoint has refreshed without the session. */
  accepted<Q>(client: RequestReader<Q>, request: Q, refreshUrl: string | undefined): void
  /**
   * A request with the token failed without a reply: across origins that may be a 401 without
   * `Access-Control-Allow-Origin`, which the browser hides. Once per origin, since it may be the network after all.
   */
  noReply<Q>(client: RequestReader<Q>, request: Q): void
}

export function createRequestHints(emit: Emit): RequestHints {
  const warned = new Set<string>()

  function originOf(url: () => string): string | undefined {
    try {
      return parseUrl(url())?.origin
    } catch {
      // The URL itself may be what failed.
      return undefined
    }
  }

  function refreshThroughClient(): void {
    const message =
      'Your app sent the refresh through the wrapped client, which left it unchanged. Use a separate client for it'
    emit({ type: 'warning', code: 'REFRESH_THROUGH_CLIENT', message })
  }

  return {
    refreshThroughClient,
    accepted(client, request, refreshUrl) {
      if (client.method(request) === 'POST' && client.url(request) === refreshUrl) refreshThroughClient()
    },
    noReply(client, request) {
      const own = parseUrl(pageUrl() ?? '')?.origin
      if (own === undefined || client.signal(request)?.aborted || globalThis.navigator?.onLine === false)
        return
      const origin = originOf(() => client.url(request))
      if (origin === undefined || origin === own || warned.has(origin)) return
      warned.add(origin)
      const message = `A request to ${origin} with the access token failed without a reply. A 401 without Access-Control-Allow-Origin looks like this, because the browser hides it`
      emit({ type: 'warning', code: 'REPLY_HIDDEN', message })
    },
  }
}
