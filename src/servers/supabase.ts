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

/** The codes of the auth server that end a session. */
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
 * 400 {"code":400,"error_code":"validation_failed","msg":"Refresh token is not valid"}
 * ```
 *
 * From the auth server's source. Supabase's own client does more; this is for apps that bring
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
    classify: ({ body }) => (isEnding(body) ? 'ended' : undefined),
  })
}

/** Since API version 2024-01-01 `code` has the code, which was a number, and `message` the sentence. */
function isEnding(body: unknown): boolean {
  const code = fieldOf(body, 'error_code') ?? fieldOf(body, 'code')
  // The code of everything that is not well formed.
  const isToken =
    code === 'validation_failed' &&
    /refresh token/i.test(String(fieldOf(body, 'msg') ?? fieldOf(body, 'message')))
  return isToken || endings.some((ending) => ending === code)
}
