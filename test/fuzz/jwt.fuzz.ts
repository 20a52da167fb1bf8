import { expiryOf } from '../../src/core/expiry.js'
import { readClaims } from '../../src/core/jwt.js'
import { claim, claimIsLinear, claimNothingIsPolluted } from './support/claims.js'

const payloads: readonly string[] = [
  'null',
  '[]',
  '5',
  '"x"',
  '{}',
  '{"exp":1700000000}',
  '{"exp":1700000000.75,"iat":1699999999}',
  '{"exp":"1700000000"}',
  '{"exp":1e400}',
  '{"exp":-1,"iat":-1}',
  '{"exp":1700000000000,"nbf":1,"iat":1}',
  '{"exp":9007199254740993}',
  '{"exp":1,"exp":2}',
  '{"exp":[]}',
  '{"__proto__":{"admin":true},"sub":"ada"}',
  '{"name":"Zoë \u{1F511}"}',
  '\ufeff{"exp":1}',
  `${'['.repeat(200)}`,
]

/** The token itself, or its payload where it begins with a space. */
export const seeds: readonly string[] = [
  'opaque',
  'a.b',
  'a..c',
  'a.b.c.d.e',
  'a.e30=.c',
  'a.e+/0.c',
  'a.e30 .c',
  'a.e.c',
  'e30.e30.',
  'e30._____w.',
  ...payloads.map((payload) => ` ${payload}`),
]

const receivedAt = 1_700_000_000_000

export function fuzz(data: Buffer): void {
  const isPayload = data[0] === 0x20
  const token = isPayload ? `e30.${data.toString('base64url', 1)}.x` : data.toString()
  const claims = readClaims(token)
  claim(claims === null || (typeof claims === 'object' && !Array.isArray(claims)), 'claims are an object')
  claim(
    claims === null || Object.getPrototypeOf(claims) === Object.prototype,
    'claims bring a prototype along',
  )
  const expiresAt = expiryOf({ accessToken: token }, receivedAt)
  claim(
    expiresAt === null || (expiresAt > receivedAt && Number.isFinite(new Date(expiresAt).getTime())),
    'it expires at no instant to come',
  )
  claimIsLinear(token, 16_384, readClaims)
  claimNothingIsPolluted()
}
