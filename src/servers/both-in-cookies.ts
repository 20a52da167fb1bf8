import { fieldOf } from '../core/own-fields.js'
import { cookieMarker, tokenSet } from '../core/tokens.js'
import { isPage } from '../http/reply.js'
import type { Exchange } from './server-endpoint.js'

/** What cannot change anything needs no CSRF token, and across origins a header costs it a preflight. */
const safeMethods = /^(GET|HEAD|OPTIONS)$/

/**
 * What differs where the access token is in an `HttpOnly` cookie too: requests go with cookies in place of a header, and a
 * reply that succeeds is as good as one with a token. The page keeps a marker, which says that somebody is signed in.
 *
 * @param csrf the headers that show the request to be one of this page
 */
export const bothInCookies = (
  csrf: () => Record<string, string>,
): Pick<Exchange, 'withCredentials' | 'authorize' | 'parse'> => ({
  withCredentials: true,
  authorize: (_, { method }) => (safeMethods.test(method) ? {} : csrf()),
  parse(reply) {
    // Proxies and firewalls answer by pages, with a 200 too.
    if (reply.status >= 300 || isPage(reply)) return null
    const lifetimes = [reply.body, fieldOf(reply.body, 'data')].map(
      (place) => fieldOf(place, 'expiresIn') ?? fieldOf(place, 'expires_in'),
    )
    return tokenSet(cookieMarker, undefined, lifetimes[0] ?? lifetimes[1])
  },
})
