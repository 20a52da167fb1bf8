// @vitest-environment node
import { describe, expect, test, vi } from 'vitest'
import { AuthError, type AuthErrorCode, authError, isAuthError, nameOf } from '../../src/core/errors.js'

test.each<[AuthErrorCode, boolean]>([
  ['SESSION_EXPIRED', false],
  ['SESSION_CHANGED', false],
  ['REFRESH_FAILED', true],
  ['REFRESH_TIMEOUT', true],
  ['REFRESH_REFUSED', false],
  ['LOCK_TIMEOUT', true],
  ['INVALID_TOKENS', false],
  ['INVALID_OPTIONS', false],
  ['UNSAFE_URL', false],
  ['DISPOSED', false],
])('%s: the same call may succeed later: %s', (code, retryable) => {
  expect(new AuthError(code, '').retryable).toBe(retryable)
})

test('an AuthError is an Error with a name, a code, a message and the details it was given', () => {
  const cause = new Error('socket closed')
  const error = new AuthError('REFRESH_FAILED', 'no luck', { status: 503, oauthError: 'server_error', cause })
  expect(error).toBeInstanceOf(Error)
  expect(error).toMatchObject({ name: 'AuthError', code: 'REFRESH_FAILED', message: 'no luck', status: 503 })
  expect(error).toMatchObject({ oauthError: 'server_error', cause })
  expect(error.stack).toContain('AuthError')
})

test('an AuthError without details has none', () => {
  const error = new AuthError('DISPOSED', 'gone')
  expect('status' in error || 'oauthError' in error || 'cause' in error).toBe(false)
})

test('isAuthError recognises an AuthError, and one code where that is asked for', () => {
  const error: unknown = new AuthError('SESSION_EXPIRED', '')
  expect(isAuthError(error)).toBe(true)
  expect(isAuthError(error, 'SESSION_EXPIRED')).toBe(true)
  expect(isAuthError(error, 'SESSION_CHANGED')).toBe(false)
})

test('isAuthError recognises the AuthError of a second copy of the library on the page', async () => {
  vi.resetModules()
  const copy = await import('../../src/core/errors.js')
  const error: unknown = new copy.AuthError('DISPOSED', '')
  expect(error).not.toBeInstanceOf(AuthError)
  expect(isAuthError(error)).toBe(true)
  expect(isAuthError(error, 'DISPOSED')).toBe(true)
  expect(isAuthError(error, 'SESSION_EXPIRED')).toBe(false)
  expect(copy.isAuthError(new AuthError('DISPOSED', ''), 'DISPOSED')).toBe(true)
})

test('an AuthError of another library is not ours, whatever it is called', () => {
  class AuthError extends Error {
    override readonly name = 'AuthError'
    readonly code = 'SESSION_EXPIRED'
    readonly retryable = false
  }
  expect(isAuthError(new AuthError())).toBe(false)
  expect(isAuthError(new AuthError(), 'SESSION_EXPIRED')).toBe(false)
})

test('the brand of an AuthError does not show where its fields are listed', () => {
  const error = new AuthError('REFRESH_FAILED', 'no luck', { status: 503 })
  expect(Object.keys({ ...error }).sort()).toEqual(['code', 'name', 'retryable', 'status'])
  expect(Object.getOwnPropertySymbols({ ...error })).toEqual([])
})

test.each([undefined, null, 'AuthError', 0, {}, new Error('AuthError')])(
  'isAuthError says no to %s',
  (value) => {
    expect(isAuthError(value)).toBe(false)
  },
)

describe('an error of our own', () => {
  test('has a whole sentence in the development build, by its code and a few words', () => {
    expect(authError('REFRESH_FAILED', 'offline')).toMatchObject({
      code: 'REFRESH_FAILED',
      message: expect.stringMatching(/^The device is offline\. See REFRESH_FAILED in /),
    })
    expect(authError('DISPOSED').message).toMatch(/^The session was disposed of\. See DISPOSED in /)
  })

  test('has its details, and one more for the reader of the sentence', () => {
    const error = authError('REFRESH_REFUSED', 'refused', { status: 404 }, 'status 404')
    expect(error).toMatchObject({ code: 'REFRESH_REFUSED', status: 404 })
    expect(error.message).toMatch(/^The server refused the refresh request itself\. .+: status 404\. See /)
  })

  test('says the few words themselves where there is no sentence for them', () => {
    expect(authError('INVALID_TOKENS', 'accessToken is null').message).toMatch(/^accessToken is null\. See /)
  })
})

test.each([
  ['an error', new TypeError('SECRET'), 'TypeError'],
  ['an error of the page', new DOMException('SECRET', 'QuotaExceededError'), 'QuotaExceededError'],
  ['a string', 'SECRET', 'string'],
  ['an object', { name: 'SECRET' }, 'object'],
  ['nothing', undefined, 'undefined'],
])('of %s that somebody else threw, only the kind is passed on', (_, thrown, name) => {
  expect(nameOf(thrown)).toBe(name)
})
