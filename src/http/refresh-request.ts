import { ownFields } from '../core/own-fields.js'
import type { RefreshRequest } from './refresh-endpoint.js'

/** The rules of every call that carries a refresh token. Throws where an engine does not take a header. */
export function initOf(
  { headers, body }: RefreshRequest,
  more: Pick<RequestInit, 'method' | 'credentials' | 'signal' | 'keepalive'>,
): RequestInit {
  const all = new Headers({ Accept: 'application/json', ...headers })
  // Browsers drop it without a word, and then nobody knows why the refresh fails.
  if (all.has('Cookie')) throw new TypeError('Cookie')
  return ownFields<RequestInit>({
    headers: all,
    ...(body === undefined ? undefined : { body }),
    // A redirect would carry the refresh token along (Fetch, "HTTP-redirect fetch" removes only Authorization).
    redirect: 'error',
    cache: 'no-store',
    referrerPolicy: 'no-referrer',
    ...more,
  })
}
