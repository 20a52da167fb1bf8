/** What is a problem, and what is only advice: a server with nothing but advice is well. */
export const levels = {
  // Whether the endpoint can be reached
  HOST_UNKNOWN: 'problem',
  CONNECTION_REFUSED: 'problem',
  CONNECTION_BROKEN: 'problem',
  TIMED_OUT: 'problem',
  CERTIFICATE: 'problem',
  TLS_FAILED: 'problem',
  UNREACHABLE: 'problem',
  INSECURE_URL: 'problem',
  REDIRECT: 'problem',
  NOT_FOUND: 'problem',
  METHOD_NOT_ALLOWED: 'problem',
  HTML_REPLY: 'problem',
  SERVER_ERROR: 'problem',
  RATE_LIMITED: 'advice',
  // CORS
  PREFLIGHT_STATUS: 'problem',
  PREFLIGHT_REDIRECT: 'problem',
  PREFLIGHT_HEADERS: 'problem',
  ALLOW_ORIGIN_MISSING: 'problem',
  ALLOW_ORIGIN_WRONG: 'problem',
  ALLOW_ORIGIN_WILDCARD: 'problem',
  ALLOW_ORIGIN_NOT_ON_ERRORS: 'problem',
  ALLOW_ORIGIN_NOT_ON_SUCCESS: 'problem',
  ALLOW_CREDENTIALS_MISSING: 'problem',
  ANY_ORIGIN_WITH_CREDENTIALS: 'problem',
  VARY_ORIGIN: 'advice',
  EXPOSE_TOKENS: 'problem',
  EXPOSE_HEADERS: 'advice',
  // How the server refuses
  REFUSAL_STATUS: 'problem',
  REFUSAL_IS_403: 'advice',
  REFUSAL_IS_SUCCESS: 'problem',
  ACCEPTS_ANY_TOKEN: 'problem',
  CHALLENGE_BASIC: 'problem',
  CHALLENGE_LASTING: 'problem',
  CHALLENGE_MISSING: 'advice',
  API_NOT_401: 'problem',
  API_KEY_WANTED: 'problem',
  DPOP_WANTED: 'advice',
  // What a reply with tokens must have
  NO_STORE: 'advice',
  COOKIE_NOT_HTTP_ONLY: 'problem',
  COOKIE_NOT_SECURE: 'problem',
  COOKIE_NONE_WITHOUT_SECURE: 'problem',
  COOKIE_PREFIX: 'problem',
  COOKIE_CROSS_SITE: 'problem',
  COOKIE_PATH: 'problem',
  COOKIE_DOMAIN: 'problem',
  COOKIE_SAME_SITE_NONE: 'advice',
  COOKIE_THIRD_PARTY: 'advice',
  // The real refresh
  NO_PROTOCOL_FITS: 'problem',
  TOKENS_UNUSABLE: 'problem',
  ROTATED_TOKEN_MISSING: 'problem',
  LIFETIME_MISMATCH: 'problem',
  LIFETIME_UNKNOWN: 'advice',
  LIFETIME_SHORT: 'advice',
  LIFETIME_LONG: 'advice',
  TOKEN_BORN_EXPIRED: 'problem',
  TOKEN_LARGE: 'advice',
  CLOCK_SKEW: 'advice',
  REUSE_NOT_FORGIVEN: 'advice',
  REUSE_ENDS_SESSION: 'advice',
} as const

export type FindingCode = keyof typeof levels

/** One thing that the server should do otherwise. The code stays the same from release to release; the words may not. */
export interface Finding {
  code: FindingCode
  level: 'problem' | 'advice'
  wrong: string
  right: string
  /** The header line that mends it. */
  add?: string
}

export function finding(code: FindingCode, wrong: string, right: string, add?: string): Finding {
  return { code, level: levels[code], wrong, right, ...(add !== undefined && { add }) }
}
