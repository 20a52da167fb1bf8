import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { sendAsJson } from './send-tokens.js'
import { endpointOf, type NamedServerOptions, readNamedOptions } from './server-options.js'
import { tokensAt } from './tokens-at.js'

/** For servers by name: the refresh token as a JSON field, and new tokens at the top level of a JSON reply. */
export function jsonFields(
  protocol: string,
  options: NamedServerOptions,
  defaults: { accessToken: string; refreshToken: string },
  expiresIn?: string,
): RefreshEndpoint {
  const { names, ...rest } = readNamedOptions(protocol, options, defaults, {})
  return endpointOf(protocol, {
    ...rest,
    send: sendAsJson({ refreshToken: names.refreshToken }),
    parse: tokensAt({ ...names, ...(expiresIn === undefined ? undefined : { expiresIn }) }),
  })
}
