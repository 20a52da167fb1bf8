// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { dpopErrorOf, isDpopExpiry } from '../../src/servers/dpop/challenge.js'

describe('the error of a DPoP challenge', () => {
  const challenges: [header: string | null, error: string | undefined][] = [
    [null, undefined],
    ['', undefined],
    [' , ,', undefined],
    ['DPoP', undefined],
    ['DPoP algs="ES256"', undefined],
    ['DPoP error="invalid_token"', 'invalid_token'],
    ['DPoP error=invalid_token', 'invalid_token'],
    ['DPOP ERROR="invalid_token"', 'invalid_token'],
    ['DPoP error = "invalid_token"', 'invalid_token'],
    ['DPoP\terror="invalid_token"', 'invalid_token'],
    ['DPoP algs="ES256", error="invalid_token", error_description="It has expired"', 'invalid_token'],
    ['DPoP algs="ES256",error="use_dpop_nonce"', 'use_dpop_nonce'],
    ['DPoP algs="ES256",, ,error="invalid_token"', 'invalid_token'],
    // Only a parameter of its own counts, not what looks like one inside the value of another.
    ['DPoP realm="error=\\"insufficient_scope\\""', undefined],
    ['DPoP realm="a, error=insufficient_scope", error="invalid_token"', 'invalid_token'],
    ['DPoP error_description="error"', undefined],
    ['DPoP error="in\\valid_\\token"', 'invalid_token'],
    // Lists of challenges.
    ['Basic realm="x", DPoP error="insufficient_scope"', 'insufficient_scope'],
    ['DPoP error="insufficient_scope", Basic realm="x"', 'insufficient_scope'],
    ['Newauth realm="apps", type=1, title="Login to \\"apps\\"", Basic realm="simple"', undefined],
    ['Negotiate, DPoP error="invalid_request"', 'invalid_request'],
    ['Negotiate YII=, DPoP error="invalid_request"', 'invalid_request'],
    ['Negotiate a.b~c+d/e==, DPoP error="invalid_request"', 'invalid_request'],
    ['Negotiate \t YII=, DPoP error="invalid_request"', 'invalid_request'],
    ['DPoP error="invalid_request", Negotiate YII=', 'invalid_request'],
    ['DPoP, DPoP error="insufficient_scope"', 'insufficient_scope'],
    ['Bearer error="insufficient_scope"', undefined],
    ['Bearer error="insufficient_scope", DPoP error="invalid_token"', 'invalid_token'],
    ['DPoP error="invalid_token", Bearer error="insufficient_scope"', 'invalid_token'],
    // Malformed.
    ['error="insufficient_scope"', undefined],
    ['realm="api", DPoP error="insufficient_scope"', undefined],
    ['DPoP error="insufficient_scope', undefined],
    ['DPoP error="insufficient_scope", "', undefined],
    ['DPoP error="insufficient_scope", error="invalid_token"', undefined],
    ['"DPoP" error="insufficient_scope"', undefined],
    ['DPoP error="insufficient_scope" ; x', undefined],
    ['\u{1F511}', undefined],
  ]

  test.each(challenges)('in %j is %j', (header, error) => {
    expect(dpopErrorOf(header)).toBe(error)
  })

  test('is not read from a header that is too long to be meant', () => {
    const padded = (length: number): string =>
      `DPoP realm="${'x'.repeat(length)}", error="insufficient_scope"`
    expect(dpopErrorOf(padded(1000))).toBe('insufficient_scope')
    expect(dpopErrorOf(padded(9000))).toBeUndefined()
  })
})

describe('a reply to a request with a bound token is an expiry', () => {
  const isExpiry = (status: number, challenge: string | null): boolean =>
    isDpopExpiry({
      status,
      header: (name) => (name.toLowerCase() === 'www-authenticate' ? challenge : null),
    })

  test.each([null, 'DPoP', 'DPoP error="invalid_token"', 'Bearer error="insufficient_scope"', 'garbage "'])(
    'when it is a 401 with the challenge %j',
    (challenge) => {
      expect(isExpiry(401, challenge)).toBe(true)
    },
  )

  test.each(['DPoP error="insufficient_scope"', 'DPoP error="invalid_request"'])(
    'but not when it is a 401 with %j, which no new token cures',
    (challenge) => {
      expect(isExpiry(401, challenge)).toBe(false)
    },
  )

  test.each([200, 204, 302, 400, 402, 403, 404, 407, 419, 500, 503])('but not when it is a %d', (status) => {
    expect(isExpiry(status, 'DPoP error="invalid_token"')).toBe(false)
  })
})
