import { isDevelopment } from '../development/is-development.js'
import { pageUrl } from './page-url.js'

/** `foreign`: not one of ours, to be sent as it is. `unsafe`: to be refused, since its URL holds a user or a password. */
export type UrlVerdict = 'ours' | 'foreign' | 'unsafe'

/** Whether a request to `url` may carry the token. `ownBase` is the client's own base URL. */
export type OriginPolicy = (url: string | URL, ownBase?: string) => UrlVerdict

/** Where a reply came from. `foreign`: from where the token may not go. */
export type ReplyOrigin = 'ours' | 'foreign' | 'unknown'

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/

/** Plain http is for this machine, for a page that is itself served so, and for where there is no page. */
export function isSafeTransport({ protocol, hostname, origin }: URL, page: string | undefined): boolean {
  if (protocol === 'https:') return true
  return (
    protocol === 'http:' && (loopback.test(hostname) || page === undefined || origin === new URL(page).origin)
  )
}

export function parseUrl(url: string, base?: string): URL | undefined {
  try {
    return new URL(url, base)
  } catch {
    return undefined
  }
}

/** Throws a `TypeError` for anything but a list of exact origins. */
export function checkOrigins(origins: unknown, page: string | undefined): string[] {
  const list: unknown[] = Array.isArray(origins) ? origins : [origins]
  return list.map((origin) => {
    const url = typeof origin === 'string' ? parseUrl(origin) : undefined
    if (!url || url.origin !== origin || origin.includes('*') || !isSafeTransport(url, page)) {
      throw new TypeError(
        isDevelopment
          ? `allowedOrigins takes exact https origins such as 'https://api.example.com' (http only for localhost), not ${JSON.stringify(origin)}`
          : 'allowedOrigins',
      )
    }
    return origin
  })
}

/**
 * Decides by one WHATWG parse of the final URL, compared by exact origin.
 *
 * @param page what relative URLs are relative to; asked each time, since a `<base>` element may come later
 */
export function createOriginPolicy(
  allowedOrigins: readonly string[],
  page: () => string | undefined,
): OriginPolicy {
  const allowed = new Set(allowedOrigins)
  return (url, ownBase = '') => {
    const base = page()
    const target = url instanceof URL ? url : parseUrl(url, base)
    if (!target || !/^https?:$/.test(target.protocol)) return 'foreign'
    const isAllowed = allowed.has(target.origin) || target.origin === parseUrl(ownBase, base)?.origin
    if (!isAllowed || !isSafeTransport(target, base)) return 'foreign'
    return target.username || target.password ? 'unsafe' : 'ours'
  }
}

/** @param url what the client tells of where the reply came from */
export function originOfReply(url: unknown, policy: (url: string) => UrlVerdict): ReplyOrigin {
  if (typeof url !== 'string' || !url) return 'unknown'
  const target = parseUrl(url)
  // A relative one is what was asked for, and tells of no redirect.
  const verdict = target ? policy(url) : 'ours'
  if (!target || verdict === 'ours') return 'ours'
  const page = parseUrl(pageUrl() ?? '')
  // Native bridges such as Capacitor's answer in the name of the page, whose origin is opaque where its scheme is their own.
  const isPage = target.protocol === page?.protocol && target.host === page.host
  return isPage && verdict === 'foreign' ? 'unknown' : 'foreign'
}
