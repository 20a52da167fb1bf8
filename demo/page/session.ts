import { createSession, type Session } from '../../src/index.js'

/** What the demo server writes into its access tokens; the dates are in seconds. */
export interface DemoClaims {
  sub: string
  name: string
  sid: string
  jti: string
  iat: number
  exp: number
}

/** All that an application has to write: where the refresh endpoint is. */
export function createDemoSession(): Session<DemoClaims> {
  return createSession<DemoClaims>({ refresh: new URL('/auth/refresh', location.href) })
}
