import { isServiceWorker } from './is-service-worker.js'

/**
 * The value of a cookie that the page can see; `undefined` where there is none. Throws in a service worker, which would send
 * the request without it: a refusal for want of a CSRF token must not end the session.
 */
export function readCookie(name: string): string | undefined {
  if (isServiceWorker()) throw new TypeError('no cookies in a service worker')
  const cookies = globalThis.document?.cookie.split('; ') ?? []
  const value = cookies.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1)
  try {
    return value && decodeURIComponent(value)
  } catch {
    return value
  }
}
