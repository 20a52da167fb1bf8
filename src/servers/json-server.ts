import { ownFields } from '../core/own-fields.js'
import { isDevelopment } from '../development/is-development.js'
import { checkServerOptions, fieldNamesRule } from '../development/server-options.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { sendAsJson } from './send-tokens.js'
import { serverEndpoint } from './server-endpoint.js'
import type { NamedServerOptions } from './server-options.js'
import { tokensAt } from './tokens-at.js'

/**
 * For named servers: the refresh token as a JSON field, and new tokens at the top level of a JSON reply.
 *
 * @param lifetime where the reply has the lifetime of the access token
 * @param signOut makes another request for the sign-out than that of the refresh
 */
export function jsonServer(
  protocol: string,
  options: NamedServerOptions,
  defaults: { accessToken: string; refreshToken: string },
  lifetime: { expiresIn?: string } = {},
  signOut: (send: RefreshEndpoint['send']) => RefreshEndpoint['send'] = (send) => send,
): RefreshEndpoint {
  if (isDevelopment) checkServerOptions(protocol, options, { names: fieldNamesRule(defaults) })
  const names = { ...defaults, ...ownFields(options).names }
  const send = sendAsJson({ refreshToken: names.refreshToken })
  return serverEndpoint(
    protocol,
    options,
    { send, parse: tokensAt({ ...names, ...lifetime }) },
    signOut(send),
  )
}
