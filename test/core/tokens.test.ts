// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { AuthError } from '../../src/core/errors.js'
import {
  checkTokens,
  isRefreshToken,
  isSameVersion,
  readSeconds,
  readStoredTokens,
  tokenSet,
} from '../../src/core/tokens.js'
import { storedRecord } from '../support/stored-record.js'
import { unsignedJwt } from '../support/unsigned-jwt.js'

function problemOf(input: unknown): AuthError {
  try {
    checkTokens(input)
  } catch (error) {
    return error as AuthError
  }
  throw new Error('these tokens were taken')
}

describe('tokens that are taken', () => {
  test.each([
    ['opaque', 'b2f1c7f0e9'],
    ['a JWT', unsignedJwt({ sub: '1' })],
    ['all of the Bearer alphabet', 'aZ09-._~+/=='],
    ['as long as they come', 'x'.repeat(16 * 1024)],
  ])('an access token that is %s', (_, accessToken) => {
    expect(checkTokens({ accessToken })).toEqual({ accessToken })
  })

  test('any visible character in a refresh token', () => {
    const refreshToken = '!"#$%&\'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~'
    expect(checkTokens({ accessToken: 'a', refreshToken })).toEqual({ accessToken: 'a', refreshToken })
  })

  test.each([0, 0.5, 900, '900'])('a lifetime of %j seconds', (expiresIn) => {
    expect(checkTokens({ accessToken: 'a', expiresIn })).toEqual({
      accessToken: 'a',
      expiresIn: Number(expiresIn),
    })
  })

  test('null counts as absent', () => {
    const tokens = checkTokens({ accessToken: 'a', refreshToken: null, expiresIn: null })
    expect(Object.entries(tokens)).toEqual([['accessToken', 'a']])
  })

  test('what is no part of a token set is left behind', () => {
    expect(checkTokens({ accessToken: 'a', tokenType: 'Bearer', user: {} })).toEqual({ accessToken: 'a' })
  })
})

describe('tokens that are refused', () => {
  test.each([
    [undefined, 'accessToken is undefined'],
    [null, 'accessToken is undefined'],
    ['token', 'accessToken is undefined'],
    [{}, 'accessToken is undefined'],
    [Object.assign(() => {}, { accessToken: 'a' }), 'accessToken is undefined'],
    [{ accessToken: null }, 'accessToken is null'],
    [{ accessToken: 7 }, 'accessToken is number'],
    [{ accessToken: {} }, 'accessToken is object'],
    [{ accessToken: '' }, 'accessToken has characters that no token has'],
    [{ accessToken: 'undefined' }, 'accessToken is the word "undefined"'],
    [{ accessToken: 'null' }, 'accessToken is the word "null"'],
    [{ accessToken: 'Bearer abc' }, 'accessToken has characters that no token has'],
    [{ accessToken: '"abc"' }, 'accessToken has characters that no token has'],
    [{ accessToken: 'a\r\nX-Admin: 1' }, 'accessToken has characters that no token has'],
    [{ accessToken: 'a\n' }, 'accessToken has characters that no token has'],
    [{ accessToken: 'ä' }, 'accessToken has characters that no token has'],
    [{ accessToken: 'x'.repeat(16 * 1024 + 1) }, 'accessToken is longer than 16384 characters'],
    [{ accessToken: 'a', refreshToken: '' }, 'refreshToken has characters that no token has'],
    [{ accessToken: 'a', refreshToken: 5 }, 'refreshToken is number'],
    [{ accessToken: 'a', refreshToken: 'b c' }, 'refreshToken has characters that no token has'],
    [{ accessToken: 'a', refreshToken: 'b\n' }, 'refreshToken has characters that no token has'],
    [{ accessToken: 'a', refreshToken: 'undefined' }, 'refreshToken is the word "undefined"'],
    [{ accessToken: 'a', expiresIn: -1 }, 'expiresIn must be a number of seconds'],
    [{ accessToken: 'a', expiresIn: Number.NaN }, 'expiresIn must be a number of seconds'],
    [{ accessToken: 'a', expiresIn: Infinity }, 'expiresIn must be a number of seconds'],
    [{ accessToken: 'a', expiresIn: 'soon' }, 'expiresIn must be a number of seconds'],
  ])('%j: %s', (input, problem) => {
    const error = problemOf(input)
    expect(error).toBeInstanceOf(AuthError)
    expect(error.code).toBe('INVALID_TOKENS')
    expect(error.message).toContain(problem)
  })

  test('the error names the field, never its value', () => {
    const secrets = { accessToken: 'Bearer SECRET-1', refreshToken: 'SECRET 2' }
    expect(problemOf(secrets).message).not.toContain('SECRET')
    expect(problemOf({ ...secrets, accessToken: 'ok' }).message).not.toContain('SECRET')
  })

  test('tokens that only a prototype holds', () => {
    expect(problemOf(Object.create({ accessToken: 'a' })).code).toBe('INVALID_TOKENS')
  })
})

describe('what a store gave back', () => {
  test('a whole record comes back as it was', () => {
    expect(readStoredTokens(storedRecord())).toEqual(storedRecord())
    const { refreshToken: _, ...bare } = storedRecord({ expiresAt: null })
    expect(readStoredTokens(bare)).toEqual(bare)
    expect(readStoredTokens(bare)).not.toHaveProperty('refreshToken')
  })

  test('a record is rebuilt: it is another object, and what does not belong there is gone', () => {
    const record = { ...storedRecord(), admin: true }
    const read = readStoredTokens(record)
    expect(read).not.toBe(record)
    expect(read).toEqual(storedRecord())
  })

  test.each([
    ['undefined', undefined],
    ['null', null],
    ['a string', 'garbage'],
    ['a number', 5],
    ['a list', []],
    ['an empty object', {}],
    ['no version', { ...storedRecord(), version: undefined }],
    ['version 0', { ...storedRecord(), version: 0 }],
    ['a version that is no number', { ...storedRecord(), version: '2' }],
    ['no session', { ...storedRecord(), session: undefined }],
    ['a session without end', { ...storedRecord(), session: 'x'.repeat(100) }],
    ['a generation that is no whole number', { ...storedRecord(), generation: 1.5 }],
    ['a generation that is a string', { ...storedRecord(), generation: '1' }],
    ['no access token', { ...storedRecord(), accessToken: undefined }],
    ['an access token with a line break', { ...storedRecord(), accessToken: 'a\r\nb' }],
    ['a refresh token that is no string', { ...storedRecord(), refreshToken: {} }],
    ['fields that only a prototype holds', Object.create(storedRecord())],
  ])('%s is nothing', (_, value) => {
    expect(readStoredTokens(value)).toBeNull()
  })

  test.each([2, 3, 99])(
    'a record of version %d is recognised as newer, whatever else it holds',
    (version) => {
      expect(readStoredTokens({ version, data: 'sealed' })).toBe('newer')
    },
  )

  test.each([undefined, null, -1, 0, Number.NaN, Infinity, '2030-01-01', '1893456000000', {}])(
    'an expiry of %s is unknown',
    (expiresAt) => {
      expect(readStoredTokens({ ...storedRecord(), expiresAt })).toMatchObject({ expiresAt: null })
    },
  )

  test('an instant of receipt that is none becomes the epoch', () => {
    expect(readStoredTokens({ ...storedRecord(), receivedAt: 'yesterday' })).toMatchObject({ receivedAt: 0 })
  })
})

test.each([
  [900, 900],
  ['900', 900],
  [0, 0],
  ['0', 0],
  ['', undefined],
  ['9 h', undefined],
  ['-1', undefined],
  [-1, undefined],
  [Number.NaN, undefined],
  [Infinity, undefined],
  [null, undefined],
  [{}, undefined],
])('%j as seconds is %j', (value, seconds) => {
  expect(readSeconds(value)).toBe(seconds)
})

test('two records are the same version when session and generation agree', () => {
  const record = storedRecord()
  expect(isSameVersion(record, storedRecord({ accessToken: 'other' }))).toBe(true)
  expect(isSameVersion(record, storedRecord({ generation: 2 }))).toBe(false)
  expect(isSameVersion(record, storedRecord({ session: 'session-2' }))).toBe(false)
  expect(isSameVersion(record, null)).toBe(false)
  expect(isSameVersion(null, null)).toBe(true)
})

test.each(['undefined-1', 'my-null', 'nullable'])(
  '%s is a token, for it only contains such a word',
  (accessToken) => {
    expect(checkTokens({ accessToken })).toEqual({ accessToken })
  },
)

test.each(['9s', 's9', '1e3', ['60'], 8e12])('%j is no number of seconds', (value) => {
  expect(readSeconds(value)).toBeUndefined()
})

describe('a token set that is put together', () => {
  test('has the fields that are there', () => {
    expect(tokenSet('a', 'b', '60')).toEqual({ accessToken: 'a', refreshToken: 'b', expiresIn: 60 })
    expect(Object.keys(tokenSet('a', undefined, undefined))).toEqual(['accessToken'])
  })

  test('leaves out what is no refresh token and no lifetime', () => {
    expect(Object.keys(tokenSet('a', 'b c', 'soon'))).toEqual(['accessToken'])
    expect(Object.keys(tokenSet('a', {}, -1))).toEqual(['accessToken'])
  })

  test('inherits nothing', () => {
    expect(Object.getPrototypeOf(tokenSet('a'))).toBeNull()
  })
})

test.each([
  ['refresh-1', true],
  ['b c', false],
  ['null', false],
  ['', false],
  [undefined, false],
  [7, false],
])('%j can be a refresh token: %s', (value, isOne) => {
  expect(isRefreshToken(value)).toBe(isOne)
})
