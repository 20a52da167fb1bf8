import { challengeErrorOf, isExpiryReply } from '../../src/http/challenge.js'
import { claim, claimIsLinear, claimNothingIsPolluted } from './support/claims.js'

const bearerErrorOf = (header: string | null) => challengeErrorOf(header, 'bearer')

export const seeds: readonly string[] = [
  '',
  ' , ,',
  'Bearer',
  'Bearer realm="x"',
  'bearer error=invalid_token',
  'Bearer error = "invalid_token"',
  'Bearer\terror="invalid_token",',
  'Basic realm="x", Bearer error="invalid_token"',
  'Negotiate YII=, Bearer error="invalid_token"',
  'Basic realm="say Bearer error=\\"invalid_token\\""',
  'Bearer realm="a, Bearer error=\\"invalid_token\\"", error="insufficient_scope"',
  'Bearer error="invalid_token", error="insufficient_scope"',
  'Bearer error="invalid_token',
  "Bearer error='invalid_token'",
  'Bearer ERROR="invalid_token"',
  'Bearerx error="invalid_token"',
  'error="invalid_token"',
  'Bearer error="invalid_token"; scope="a"',
  'Bearer error="insufficient_scope", scope="a b"',
  'Bearer error="invalid_request"',
  'DPoP error="use_dpop_nonce"',
  'Bearer error="invalid_token", DPoP algs="ES256", error="use_dpop_nonce"',
  'Bearer error="in\\valid_\\token", error_description="\u{1F511}\u0000"',
]

export function fuzz(data: Buffer): void {
  const header = data.toString()
  const error = bearerErrorOf(header)
  claim(
    error === undefined || header.replaceAll('\\', '').includes(error.replaceAll('\\', '')),
    'it makes errors up',
  )
  claim(error === undefined || /bearer/i.test(header), 'it takes the error of another scheme')
  claim(
    bearerErrorOf(` ,${header}, `) === error || header.length > 8000 || error === undefined,
    'empty elements count',
  )
  const known = error === 'insufficient_scope' || error === 'invalid_request'
  claim(isExpiryReply({ status: 401, header: () => header }) === !known, 'a refusal is misjudged')
  claimIsLinear(header, 8192, bearerErrorOf)
  claimNothingIsPolluted()
}
