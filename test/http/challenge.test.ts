// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { challengeErrorOf, isExpiryReply } from '../../src/http/challenge.js'

const bearerErrorOf = (header: string | null) => challengeErrorOf(header, 'bearer')

describe('the error of a Bearer challenge', () => {
  const challenges: [header: string | null, error: string | undefined][] = [
    [null, undefined],
    ['', undefined],
    [' , ,', undefined],
    ['Bearer', undefined],
    ['Bearer realm="api"', undefined],
    ['Bearer error="invalid_token"', 'invalid_token'],
    ['Bearer error=invalid_token', 'invalid_token'],
    ['BEARER ERROR="invalid_token"', 'invalid_token'],
    ['Bearer error = "invalid_token"', 'invalid_token'],
    ['Bearer\terror="invalid_token"', 'invalid_token'],
    ['Bearer realm="api", error="invalid_token", error_description="It has expired"', 'invalid_token'],
    ['Bearer realm="api",error="invalid_token"', 'invalid_token'],
    ['Bearer realm="api",, ,error="invalid_token"', 'invalid_token'],
    // Only a parameter of its own counts, not what looks like one inside another's value.
    ['Bearer realm="error=\\"insufficient_scope\\""', undefined],
    ['Bearer realm="a, error=insufficient_scope", error="invalid_token"', 'invalid_token'],
    ['Bearer error_description="error"', undefined],
    ['Bearer error="in\\valid_\\token"', 'invalid_token'],
    // Lists of challenges.
    ['Basic realm="x", Bearer error="insufficient_scope"', 'insufficient_scope'],
    ['Bearer error="insufficient_scope", Basic realm="x"', 'insufficient_scope'],
    ['Newauth realm="apps", type=1, title="Login to \\"apps\\"", Basic realm="simple"', undefined],
    ['Negotiate, Bearer error="invalid_request"', 'invalid_request'],
    ['Negotiate YII=, Bearer error="invalid_request"', 'invalid_request'],
    ['Negotiate a.b~c+d/e==, Bearer error="invalid_request"', 'invalid_request'],
    ['Negotiate \t YII=, Bearer error="invalid_request"', 'invalid_request'],
    ['Bearer error="invalid_request", Negotiate YII=', 'invalid_request'],
    ['Bearer, Bearer error="insufficient_scope"', 'insufficient_scope'],
    ['DPoP error="use_dpop_nonce"', undefined],
    ['DPoP error="use_dpop_nonce", Bearer error="invalid_token"', 'invalid_token'],
    ['Bearer error="invalid_token", DPoP error="insufficient_scope"', 'invalid_token'],
    // Malformed.
    ['error="insufficient_scope"', undefined],
    ['realm="api", Bearer error="insufficient_scope"', undefined],
    ['Bearer error="insufficient_scope', undefined],
    ['Bearer error="insufficient_scope", "', undefined],
    ['Bearer error="insufficient_scope", error="invalid_token"', undefined],
    ['"Bearer" error="insufficient_scope"', undefined],
    ['Bearer error="insufficient_scope" ; x', undefined],
    ['\u{1F511}', undefined],
  ]

  test.each(challenges)('in %j is %j', (header, error) => {
    expect(bearerErrorOf(header)).toBe(error)
  })

  test('is not looked for in a header that is too long to be meant', () => {
    const padding = (length: number): string =>
      `Bearer realm="${'x'.repeat(length)}", error="insufficient_scope"`
    expect(bearerErrorOf(padding(1000))).toBe('insufficient_scope')
    expect(bearerErrorOf(padding(9000))).toBeUndefined()
  })
})

describe('a reply is an expiry', () => {
  const reply = (status: number, challenge: string | null): boolean =>
    isExpiryReply({
      status,
      header: (name) => (name.toLowerCase() === 'www-authenticate' ? challenge : null),
    })

  test.each([
    null,
    'Bearer',
    'Bearer error="invalid_token"',
    'Basic realm="x"',
    'garbage "',
    'Bearer error="odd"',
  ])('when it is a 401 with the challenge %j', (challenge) => {
    expect(reply(401, challenge)).toBe(true)
  })

  test.each(['Bearer error="insufficient_scope"', 'Bearer error="invalid_request"'])(
    'but not when it is a 401 with %j, which no new token cures',
    (challenge) => {
      expect(reply(401, challenge)).toBe(false)
    },
  )

  test.each([200, 204, 302, 400, 402, 403, 404, 407, 419, 500, 503])('but not when it is a %d', (status) => {
    expect(reply(status, 'Bearer error="invalid_token"')).toBe(false)
  })
})
