/** Claims of RFC 7519, and whatever else the app looks at. */
export interface TestClaims {
  [name: string]: unknown
}

const encode = (part: object): string => {
  const bytes = new TextEncoder().encode(JSON.stringify(part))
  return btoa(String.fromCharCode(...bytes)).replace(/[+/=]/g, (sign) => ({ '+': '-', '/': '_' })[sign] ?? '')
}

/**
 * A JWT with these claims that nobody signed, for code that only reads it. No server takes it.
 *
 * @param claims `exp` and `iat` are in seconds since the epoch
 */
export const makeJwt = (claims: TestClaims = {}): string =>
  `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims)}.`
