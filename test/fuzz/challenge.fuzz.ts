import { isExpiryReply } from '../../src/http/challenge.js'
import { dpopErrorOf } from '../../src/servers/dpop/challenge.js'
import { claim, claimIsLinear, claimNothingIsPolluted } from './support/claims.js'

const isExpiry = (header: string): boolean => isExpiryReply({ status: 401, header: () => header })

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
  const text = data.toString()
  claim(isExpiry(text) || /insufficient_scope|invalid_request/i.test(text), 'a refusal is misjudged')
  claimIsLinear(text, 8192, isExpiry)
  // The grammar is that of every scheme; DPoP alone needs all of it.
  const header = text.replace(/bearer/gi, 'DPoP')
  const error = dpopErrorOf(header)
  claim(
    error === undefined || header.replaceAll('\\', '').includes(error.replaceAll('\\', '')),
    'it makes errors up',
  )
  claim(error === undefined || /dpop/i.test(header), 'it takes the error of another scheme')
  claim(
    dpopErrorOf(` ,${header}, `) === error || header.length > 8000 || error === undefined,
    'empty elements count',
  )
  claimIsLinear(header, 8192, dpopErrorOf)
  claimNothingIsPolluted()
}
