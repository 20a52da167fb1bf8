import { ownFields } from '../core/own-fields.js'
import type { SilentStart } from '../core/session-parts.js'
import { parseUrl } from '../http/origin-policy.js'
import { pageUrl } from '../http/page-url.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { isServiceWorker } from './is-service-worker.js'

/**
 * Keeps a mark in localStorage, for all tabs, from a sign-out until a user signs in: meanwhile no start asks the cookie, which
 * the server may still accept. The mark holds no token. It goes earlier where the call of the sign-out succeeds, because the
 * cookie is dead then, and users may sign in at a page of the server, which tells us nothing.
 */
export function rememberSignOut(endpoint: RefreshEndpoint): RefreshEndpoint {
  const { url, signOut } = ownFields(endpoint)
  // It does not see the mark, and takes from the store what the pages have brought.
  if (isServiceWorker()) return { ...endpoint, silentStart: false }
  const page = pageUrl()
  // On a server all users would share it.
  const target = page === undefined ? undefined : parseUrl(String(url), page)
  if (!target) return endpoint
  const key = `latchkey-signed-out ${target.origin}${target.pathname}`
  let calls = 0

  const silentStart: SilentStart = {
    isAllowed() {
      try {
        return localStorage.getItem(key) === null
      } catch {
        return true
      }
    },
    allow(isAllowed) {
      try {
        if (isAllowed) localStorage.removeItem(key)
        else localStorage.setItem(key, 'yes')
      } catch {
        // The browser has none for this page, or it is full.
      }
    },
  }
  if (!signOut) return { ...endpoint, silentStart }
  return {
    ...endpoint,
    silentStart,
    async signOut(tokens) {
      const own = ++calls
      await signOut(tokens)
      // That the server has heard of one sign-out says nothing of a later one.
      if (own === calls) silentStart.allow(true)
    },
  }
}
