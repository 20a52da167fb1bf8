import { createSession, indexedDbStore, type Session, type TokenStore } from '../../../src/index.js'
import type { ProtocolName } from '../../backend/protocols/names.js'
import { baseUrlOf } from './client.js'
import { kits } from './protocol-kits.js'

/** What the demo server writes into its access tokens; the dates are in seconds. */
export interface DemoClaims {
  sub: string
  name: string
  sid: string
  jti: string
  iat: number
  exp: number
}

export function createDemoSession(protocol: ProtocolName): Session<DemoClaims> {
  return createSession<DemoClaims>({
    refresh: kits[protocol].endpoint(baseUrlOf('latchkey', protocol)),
    // One for each protocol, for the tokens of one are no good for another.
    name: sessionName(protocol),
  })
}

export function sessionName(protocol: ProtocolName): string {
  return protocol === 'headers' ? 'latchkey' : `latchkey-${protocol}`
}

/** The very record that the session keeps, to be looked at. */
export function storeOf(protocol: ProtocolName): TokenStore {
  return indexedDbStore(sessionName(protocol))
}
