// @vitest-environment node
import { expect, test } from 'vitest'
import { readClaims } from '../../src/core/jwt.js'
import { unsignedJwt } from '../support/unsigned-jwt.js'

/** RFC 7515 appendix A.1. */
const example =
  'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9' +
  '.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ' +
  '.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'

test('the claims of the example of RFC 7515 are read', () => {
  expect(readClaims(example)).toEqual({ iss: 'joe', exp: 1300819380, 'http://example.com/is_root': true })
})

test('claims in any script are read', () => {
  const claims = { name: 'Zoë Ångström', place: '東京', mood: '🙂', share: '100 %', path: '%E9' }
  expect(readClaims(unsignedJwt(claims))).toEqual(claims)
})

test.each([
  ['an opaque token', 'b2f1c7f0e9'],
  ['two parts', 'aaaa.bbbb'],
  ['five parts, which an encrypted token has', 'a.b.c.d.e'],
  ['no payload', 'eyJhbGciOiJub25lIn0..'],
  ['no header', '.eyJzdWIiOiIxIn0.'],
  ['padding', `${example}=`],
  ['another alphabet', example.replace('dBjf', 'd+/f')],
  ['white space', ` ${example}`],
  ['a payload that is no base64url', 'eyJhbGciOiJub25lIn0.a.'],
  [
    'a payload that is no JSON',
    `${Buffer.from('{}').toString('base64url')}.${Buffer.from('{').toString('base64url')}.`,
  ],
  ['a payload that is a string', unsignedJwt('claims')],
  ['a payload that is a number', unsignedJwt(1)],
  ['a payload that is a list', unsignedJwt([])],
  ['a payload that is null', unsignedJwt(null)],
  ['nothing', ''],
  [
    'a payload in Latin-1, which would be read as other letters',
    `eyJhbGciOiJub25lIn0.${Buffer.from('{"name":"Zo\xeb"}', 'latin1').toString('base64url')}.`,
  ],
  [
    'a payload in UTF-8 that is cut off in a letter',
    `eyJhbGciOiJub25lIn0.${Buffer.from('{"name":"Zo\xc3"}', 'latin1').toString('base64url')}.`,
  ],
])('%s has no claims', (_, token) => {
  expect(readClaims(token)).toBeNull()
})

test('claims named like parts of Object.prototype change nothing', () => {
  const payload = Buffer.from('{"__proto__":{"admin":true},"constructor":1}').toString('base64url')
  const claims = readClaims(`eyJhbGciOiJub25lIn0.${payload}.`)
  expect(claims?.admin).toBeUndefined()
  expect(({} as Record<string, unknown>).admin).toBeUndefined()
})
