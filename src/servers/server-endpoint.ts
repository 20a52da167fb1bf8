import { ownFields } from '../core/own-fields.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import type { ServerOptions } from './server-options.js'
import { signOutCall } from './sign-out-endpoint.js'

/** What a protocol defines of its endpoint; the URLs come from the app. */
export type Exchange = Omit<RefreshEndpoint, 'url' | 'signOut'>

/**
 * Joins the URLs of the app with the exchange of a protocol.
 *
 * @param sendSignOut makes the request of a sign-out that has no `send` of its own
 * @throws {TypeError} for an unsafe URL in `signOut`
 */
export function serverEndpoint(
  protocol: string,
  options: ServerOptions,
  exchange: Exchange,
  sendSignOut: Exchange['send'] = exchange.send,
): RefreshEndpoint {
  const { url, signOut } = ownFields(options)
  const { credentials } = ownFields(exchange)
  return {
    url,
    ...exchange,
    ...(signOut !== undefined && { signOut: signOutCall(protocol, signOut, sendSignOut, credentials) }),
  }
}
