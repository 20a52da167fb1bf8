import { isAuthError } from '../../src/core/errors.js'
import { checkTokens } from '../../src/core/tokens.js'
import { claim, claimNothingIsPolluted, claimQuotesNothing, sentinel } from './support/claims.js'
import { readHostile } from './support/hostile-value.js'

const names = ['accessToken', 'refreshToken', 'expiresIn']

const tokens: readonly string[] = [
  ...[
    '',
    'undefined',
    'null',
    '[object Object]',
    'Bearer abc',
    'bearer abc',
    ' abc',
    'abc ',
    'abc\t',
    'abc\n',
  ],
  ...[
    'abc\r\nX-Evil: 1',
    'a\u0000b',
    'tökén',
    '\u{1F511}',
    'аbc',
    'a\u200bb',
    '\ufeffabc',
    '"abc"',
    'a=b',
    '=abc',
  ],
  ...['abc==', 'a.b.c', 'mF_9.B5f-4.1JqM', '~+/-._', 'x', 'a,b', 'a;b'],
]

export const seeds: readonly string[] = [
  'null',
  '5',
  '{}',
  '[]',
  ...tokens.flatMap((token) => [
    JSON.stringify({ accessToken: sentinel + token }),
    JSON.stringify({ accessToken: token, refreshToken: sentinel + token }),
  ]),
  ...['0', '1', '-1', '"3600"', '"1h"', '1e400', '8e12', 'null', '[]'].map(
    (expiresIn) => `{"accessToken":"a","expiresIn":${expiresIn}}`,
  ),
  '{"__proto__":{"accessToken":"a"}}',
  '{"accessToken":{"toString":"x"},"refreshToken":[]}',
]

export function fuzz(data: Buffer): void {
  const input = readHostile(data).value(names)
  try {
    const tokens = checkTokens(input)
    const { accessToken, refreshToken = 'none', expiresIn = 0 } = tokens
    const sent = new Headers({ Authorization: `Bearer ${accessToken}`, Refresh: refreshToken })
    claim(sent.get('Authorization') === `Bearer ${accessToken}`, 'a header changes the access token')
    claim(sent.get('Refresh') === refreshToken, 'a header changes the refresh token')
    claim(expiresIn >= 0 && Number.isFinite(expiresIn), 'a lifetime is no number of seconds')
    claim(
      JSON.stringify(checkTokens(tokens)) === JSON.stringify(tokens),
      'what was good is not good any more',
    )
  } catch (error) {
    claim(isAuthError(error, 'INVALID_TOKENS'), `it throws ${error}`)
    claimQuotesNothing(error)
  }
  claimNothingIsPolluted()
}
