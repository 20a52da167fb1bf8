import { jwtDecode } from 'jwt-decode'

/** The registered claims of RFC 7519 section 4.1, and whatever else the server puts into its tokens. */
export interface JwtClaims {
  iss?: string
  sub?: string
  aud?: string | string[]
  /** Seconds since the epoch, by the server's clock. */
  exp?: number
  nbf?: number
  iat?: number
  jti?: string
  [claim: string]: unknown
}

/** Compact JWS, RFC 7515 section 3.1. The decoder itself also takes padding, other alphabets and other part counts. */
const compactJws = /^[\w-]+\.[\w-]+\.[\w-]*$/

/**
 * The claims of a JWT, or `null` for any other token: access tokens may be opaque. Decoded, never verified: only the
 * server can tell whether a token is good.
 */
export function readClaims(token: string): JwtClaims | null {
  if (!compactJws.test(token)) return null
  try {
    demandUtf8(token)
    const claims: unknown = jwtDecode(token)
    return typeof claims === 'object' && !Array.isArray(claims) ? (claims as JwtClaims | null) : null
  } catch {
    return null
  }
}

/** Throws for a payload that is not UTF-8 (RFC 8725 section 3.7), which the decoder would read as Latin-1. */
function demandUtf8(token: string): void {
  const [, payload = ''] = token.split('.')
  const bytes = atob(payload.replace(/-/g, '+').replace(/_/g, '/'))
  decodeURIComponent(bytes.replace(/[%\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`))
}
