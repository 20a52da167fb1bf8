import { fieldOf, ownFields } from '../core/own-fields.js'
import { isDevelopment } from '../development/is-development.js'
import { checkServerOptions, textRule } from '../development/server-options.js'
import type { RefreshEndpoint } from '../http/refresh-endpoint.js'
import { sendAsJson } from './send-tokens.js'
import { serverEndpoint } from './server-endpoint.js'
import type { ServerOptions } from './server-options.js'
import { tokensAt } from './tokens-at.js'

export interface SupabaseOptions extends ServerOptions {
  /** The project's public key, sent as `apikey`. Never the secret one. */
  apiKey?: string
}

/** The `error_code`s of the auth server that end a session. */
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
 * From the auth server's source and a public error report. Supabase's own client does more; this is for apps that bring
 * their own.
 */
export function supabase(options: SupabaseOptions): RefreshEndpoint {
  if (isDevelopment) checkServerOptions('supabase', options, { apiKey: textRule })
  const { apiKey } = ownFields(options)
  return serverEndpoint('supabase', options, {
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
