import { ownFields } from '../core/own-fields.js'
import { isDevelopment } from '../development/is-development.js'
import { checkServerOptions, fieldNamesRule } from '../development/server-options.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { sendInHeaders } from './send-tokens.js'
import { serverEndpoint } from './server-endpoint.js'
import type { NamedServerOptions } from './server-options.js'
import { tokensAt } from './tokens-at.js'

/** For named servers: the refresh token as Bearer, and new tokens at the top level of a JSON reply. */
export function bearerServer(
  protocol: string,
  options: NamedServerOptions,
  defaults: { accessToken: string; refreshToken: string },
): RefreshEndpoint {
  if (isDevelopment) checkServerOptions(protocol, options, { names: fieldNamesRule(defaults) })
  const { names } = ownFields(options)
  return serverEndpoint(protocol, options, {
    send: sendInHeaders({ refreshToken: 'Authorization' }),
    parse: tokensAt({ ...defaults, ...names }),
  })
}
