import type { OptionRule } from '../core/options.js'

/** `foreign`: not one of ours, to be sent as it is. `unsafe`: to be refused, for its URL holds a user or a password. */
export type UrlVerdict = 'ours' | 'foreign' | 'unsafe'

export interface RequestPolicy {
  /** May a request to `url` carry the token? `ownBase` is where the client's own base URL points. */
  judge(url: string | URL, ownBase: string | undefined): UrlVerdict
}

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/

/** Plain http is for this machine, for a page that is itself served so, and for where there is no page. */
export function isSafeTransport({ protocol, hostname, origin }: URL, page: string | undefined): boolean {
  if (protocol === 'https:') return true
  return (
    protocol === 'http:' && (loopback.test(hostname) || page === undefined || origin === new URL(page).origin)
  )
}

export function parseUrl(url: string, base: string | undefined): URL | undefined {
  try {
    return new URL(url, base)
  } catch {
    return undefined
  }
}

/** What `checkOrigins` is to be given. */
export const originsRule: OptionRule = [Array.isArray, 'a list of origins']

/** Throws a `TypeError` for anything but a list of exact origins. */
export function checkOrigins(origins: unknown, page: string | undefined): string[] {
  const list: unknown[] = Array.isArray(origins) ? origins : [origins]
  return list.map((origin) => {
    const url = typeof origin === 'string' ? parseUrl(origin, undefined) : undefined
    if (!url || url.origin !== origin || origin.includes('*') || !isSafeTransport(url, page)) {
      throw new TypeError(
        `allowedOrigins takes exact https origins such as 'https://api.example.com' (http only for localhost), not ${JSON.stringify(origin)}`,
      )
    }
    return origin
  })
}

/**
 * Decides by one WHATWG parse of the final URL, compared by exact origin.
 *
 * @param page where relative URLs point: `document.baseURI`, for a `<base>` element may lead elsewhere
 */
export function createRequestPolicy(
  allowedOrigins: readonly string[],
  page: () => string | undefined,
): RequestPolicy {
  const allowed = new Set(allowedOrigins)
  return {
    judge(url, ownBase) {
      const base = page()
      const target = url instanceof URL ? url : parseUrl(url, base)
      if (!target || !/^https?:$/.test(target.protocol)) return 'foreign'
      if (target.username || target.password) return 'unsafe'
      const isAllowed = allowed.has(target.origin) || target.origin === parseUrl(ownBase ?? '', base)?.origin
      return isAllowed && isSafeTransport(target, base) ? 'ours' : 'foreign'
    },
  }
}
