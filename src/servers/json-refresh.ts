import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { type NamedServerOptions, readNamedOptions, type TokenNames } from './server-options.js'
import { tokensAt } from './tokens-at.js'

/** The refresh token as a JSON field, and new tokens at the top level of a JSON reply. */
export function jsonRefresh(
  protocol: string,
  options: NamedServerOptions,
  defaults: Required<TokenNames>,
  expiresIn?: string,
): RefreshEndpoint {
  const { names, ...rest } = readNamedOptions(protocol, options, defaults, {})
  return {
    ...rest,
    send: 'json',
    names: { accessToken: '', refreshToken: names.refreshToken },
    parse: tokensAt({ ...names, ...(expiresIn === undefined ? undefined : { expiresIn }) }),
  }
}
