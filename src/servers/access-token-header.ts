import { isDevelopment } from '../development/is-development.js'
import { checkHeaderName } from '../development/server-options.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'

/**
 * Makes the `authorize` of an endpoint whose API takes the access token in another header than `Authorization: Bearer`:
 *
 * ```ts
 * createSession({ refresh: { ...jsonRefresh({ url }), authorize: accessTokenHeader('x-access-token') } })
 * createSession({ refresh: { ...jsonRefresh({ url }), authorize: accessTokenHeader('Authorization', 'JWT') } })
 * ```
 *
 * @param name of the header
 * @param scheme the word before the token, where the server expects one
 * @throws {TypeError} for what is no name of a header
 */
export function accessTokenHeader(name: string, scheme?: string): NonNullable<RefreshEndpoint['authorize']> {
  if (isDevelopment) checkHeaderName('accessTokenHeader', name, scheme)
  return (accessToken): Record<string, string> =>
    accessToken ? { [name]: scheme ? `${scheme} ${accessToken}` : accessToken } : {}
}
