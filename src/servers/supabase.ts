import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { fieldOf } from '../http/reply.js'
import { sendAsJson } from './send-tokens.js'
import { endpointOf, readServerOptions, type ServerOptions, string } from './server-options.js'
import { tokensAt } from './tokens-at.js'

export interface SupabaseOptions extends ServerOptions {
  /** The project's public key, sent as `apikey`. Never the secret one. */
  apiKey?: string
}

/** What ends a session, among the `error_code`s of the auth server. */
const endings = [
  'refresh_token_not_found',
  'refresh_token_already_used',
  'session_expired',
  'session_not_found',
  'user_banned',
]

/**
 * Supabase Auth (GoTrue). `url` is `https://<project>.supabase.co/auth/v1/token?grant_type=refresh_token`.
 *
 * ```http
 * POST /auth/v1/token?grant_type=refresh_token
 * apikey: <public key>
 * {"refresh_token":"…"}
 *
 * 200 {"access_token":"…","token_type":"bearer","expires_in":3600,"refresh_token":"…","user":{…}}
 * 400 {"code":400,"error_code":"refresh_token_not_found","msg":"Invalid Refresh Token: …"}
 * ```
 *
 * From the auth server's source and a public error report. Its own client does more; this is for those who bring theirs.
 */
export function supabase(options: SupabaseOptions): RefreshEndpoint {
  const { apiKey, ...rest } = readServerOptions('supabase', options, { apiKey: string })
  return endpointOf('supabase', {
    ...rest,
    send: sendAsJson({ refreshToken: 'refresh_token' }, {}, apiKey === undefined ? {} : { apikey: apiKey }),
    parse: tokensAt({
      accessToken: 'access_token',
      refreshToken: 'refresh_token',
      expiresIn: 'expires_in',
    }),
    // `code` is a number or, since API version 2024-01-01, the code itself.
    classify: ({ body }) =>
      endings.some((code) => fieldOf(body, 'error_code') === code || fieldOf(body, 'code') === code)
        ? 'ended'
        : undefined,
  })
}
