import type { ProtocolName } from './candidates.js'

/** Services that are known by the address of their refresh endpoint, emulators included. */
const addresses: [ProtocolName, RegExp][] = [
  ['supabase', /^[\w-]+\.supabase\.co\/|\/auth\/v1\/token\?(.*&)?grant_type=refresh_token(&|$)/],
  ['firebase', /\bsecuretoken\.googleapis\.com\/v1\/token\b/],
  ['cognito', /^cognito-idp\.[\w-]+\.amazonaws\.com(\.cn)?\//],
]

/** The protocol of a service that has one address for all of its users. */
export function protocolAt(url: string): ProtocolName | undefined {
  const { hostname, pathname, search } = new URL(url)
  return addresses.find(([, pattern]) => pattern.test(hostname + pathname + search))?.[0]
}
