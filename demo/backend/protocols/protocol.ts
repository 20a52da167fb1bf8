import type { TokenStatus } from '../access-tokens.js'

/** The cookies of one browser. A host that has real ones sets them; a service worker keeps a jar of its own. */
export interface Cookies {
  get(name: string): string | null
  /** HttpOnly, SameSite=Strict, and for the whole site. */
  set(name: string, value: string): void
  remove(name: string): void
}

export interface Ask {
  headers: Headers
  body: string
  cookies: Cookies
}

/** What a refresh request brought. `accessToken` only where the protocol wants it to be sent along. */
export interface Brought {
  refreshToken: string
  accessToken?: string
}

export interface Granted {
  accessToken: string
  refreshToken: string
  expiresInS: number
}

/** How a kind of server wants to be asked for new tokens, and how it hands them out, at the sign-in as well. */
export interface Protocol {
  refreshPath: string
  signOutPath: string
  /** Whether a refresh is refused while the access token is still good. */
  isOnlyAfterExpiry?: boolean
  /** `null` for a request that is no refresh request. */
  read(ask: Ask): Brought | null
  grant(tokens: Granted, cookies: Cookies): Response
  /** The refresh token is unknown, spent or expired. */
  refuse(): Response
  malformed(): Response
  /** The answer to an API call whose token is not good. Default: 401 with a Bearer challenge. */
  refuseCall?(status: TokenStatus): Response
  /** What a request to sign out brought. Default: as a refresh request. */
  readSignOut?(ask: Ask): Brought | null
  /** The user has signed out. */
  forget?(cookies: Cookies): void
}

/** The fields of a JSON body that are strings. */
export function readFields(body: string): Record<string, string | undefined> {
  try {
    const fields: unknown = JSON.parse(body)
    return Object.fromEntries(Object.entries(fields ?? {}).filter(([, value]) => typeof value === 'string'))
  } catch {
    return {}
  }
}

/** The answer to a request whose token is missing, expired or forged (RFC 6750, section 3). */
export function challenge(status: TokenStatus): Response {
  const reason = {
    missing: 'Bearer',
    valid: 'Bearer',
    expired: 'Bearer error="invalid_token", error_description="The access token expired"',
    invalid: 'Bearer error="invalid_token", error_description="The access token is invalid"',
  }[status]
  return Response.json(
    { message: `Access token is ${status}` },
    { status: 401, headers: { 'WWW-Authenticate': reason } },
  )
}
