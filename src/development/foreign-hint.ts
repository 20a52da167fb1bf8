import type { TokenSource } from '../core/token-source.js'
import { isSafeTransport, parseUrl } from '../http/origin-policy.js'
import { pageUrl } from '../http/page-url.js'

/** Is told of requests that go out without the token, because of their origin. `url` gives nothing where that is meant so. */
export type NoteForeign = (url: () => string | undefined) => void

/** Warns of them once per origin, and only while somebody is signed in: the API answers such a request with a bare 401. */
export function createForeignHint({ owner, emit }: TokenSource): NoteForeign {
  const warned = new Set<string>()

  function targetOf(url: () => string | undefined): URL | undefined {
    try {
      const given = url()
      return given === undefined ? undefined : parseUrl(given, pageUrl())
    } catch {
      // The client itself says what is wrong with the request.
      return undefined
    }
  }

  return (url) => {
    if (owner() === undefined) return
    const target = targetOf(url)
    if (!target || !/^https?:$/.test(target.protocol) || warned.has(target.origin)) return
    warned.add(target.origin)
    const why = isSafeTransport(target, pageUrl())
      ? 'this origin is not allowed. List it in allowedOrigins, or set latchkey: false on such requests'
      : 'Latchkey sends it by plain http to localhost and to the origin of an http page alone. Use https'
    const message = `A request to ${target.origin} went out without the access token, because ${why}`
    emit({ type: 'warning', code: 'SENT_WITHOUT_TOKEN', message })
  }
}
