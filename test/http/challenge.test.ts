// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { isExpiryReply } from '../../src/http/challenge.js'

const isExpiry = (status: number, challenge: string | null): boolean =>
  isExpiryReply({
    status,
    header: (name) => (name.toLowerCase() === 'www-authenticate' ? challenge : null),
  })

describe('a 401 is an expiry', () => {
  test.each<[claim: string, challenge: string | null]>([
    ['without a challenge', null],
    ['with an empty challenge', ''],
    ['with commas alone', ' , ,'],
    ['with Bearer alone', 'Bearer'],
    ['with a realm', 'Bearer realm="api"'],
    ['with invalid_token', 'Bearer error="invalid_token"'],
    [
      'with invalid_token and a description',
      'Bearer realm="api", error="invalid_token", error_description="It expired"',
    ],
    ['with an error that nobody knows', 'Bearer error="odd"'],
    ['with an error that only begins like one', 'Bearer error="invalid_request_token"'],
    ['with another scheme', 'Basic realm="x"'],
    ['with an error of another scheme', 'DPoP error="insufficient_scope"'],
    [
      'with an error of another scheme after Bearer',
      'Bearer error="invalid_token", DPoP error="insufficient_scope"',
    ],
    ['with an error of another scheme after a bare Bearer', 'Bearer, DPoP error="insufficient_scope"'],
    ['with an error of another scheme after a realm', 'Bearer realm="api", DPoP error="insufficient_scope"'],
    ['with a parameter of another name', 'Bearer my_error="insufficient_scope"'],
    ['with an error in a quoted string', 'Bearer realm="error=\\"insufficient_scope\\""'],
    [
      'with an error in a quoted string before its own',
      'Bearer realm="a, error=insufficient_scope", error="invalid_token"',
    ],
    ['with a challenge in a quoted string', 'Basic realm="a, Bearer error=insufficient_scope"'],
    ['with a description that says error', 'Bearer error_description="error"'],
    ['with an error of no scheme', 'error="insufficient_scope"'],
    ['with a scheme in quotes', '"Bearer" error="insufficient_scope"'],
    ['with what is no challenge', '\u{1F511} garbage "'],
  ])('%s: %j, %j', (_, challenge) => {
    expect(isExpiry(401, challenge)).toBe(true)
  })
})

describe('a 401 is no expiry with an error that no new token cures', () => {
  test.each<[claim: string, challenge: string]>([
    ['insufficient_scope', 'Bearer error="insufficient_scope"'],
    ['invalid_request', 'Bearer error="invalid_request"'],
    ['without quotes', 'Bearer error=insufficient_scope'],
    ['in other letters', 'BEARER ERROR="insufficient_scope"'],
    ['with spaces', 'Bearer error = "insufficient_scope"'],
    ['after a tab', 'Bearer\terror="insufficient_scope"'],
    ['after a realm', 'Bearer realm="api",error="insufficient_scope"'],
    ['after empty elements', 'Bearer realm="api",, ,error="insufficient_scope"'],
    ['before a description', 'Bearer error="insufficient_scope", error_description="No, no"'],
    ['after a quoted string with a quote in it', 'Bearer realm="say \\"yes\\"", error="insufficient_scope"'],
    ['after another scheme', 'Basic realm="x", Bearer error="insufficient_scope"'],
    ['before another scheme', 'Bearer error="insufficient_scope", Basic realm="x"'],
    ['after a scheme without parameters', 'Negotiate, Bearer error="invalid_request"'],
    ['after a scheme with a token', 'Negotiate YII=, Bearer error="invalid_request"'],
    ['before a scheme with a token', 'Bearer error="invalid_request", Negotiate YII='],
    ['after an error of another scheme', 'DPoP error="use_dpop_nonce", Bearer error="insufficient_scope"'],
    ['in the second of two', 'Bearer, Bearer error="insufficient_scope"'],
  ])('%s: %j', (_, challenge) => {
    expect(isExpiry(401, challenge)).toBe(false)
  })
})

test('a challenge that is too long to be meant is not read', () => {
  const padded = (length: number): string =>
    `Bearer realm="${'x'.repeat(length)}", error="insufficient_scope"`
  expect(isExpiry(401, padded(1000))).toBe(false)
  expect(isExpiry(401, padded(9000))).toBe(true)
})

test.each([200, 204, 302, 400, 402, 403, 404, 407, 419, 500, 503])('a %d is no expiry', (status) => {
  expect(isExpiry(status, 'Bearer error="invalid_token"')).toBe(false)
})
