// @vitest-environment node
import { expect, test } from 'vitest'
import { AuthError, type AuthErrorCode, isAuthError } from '../../src/core/errors.js'

test.each<[AuthErrorCode, boolean]>([
  ['SESSION_EXPIRED', false],
  ['SESSION_CHANGED', false],
  ['REFRESH_FAILED', true],
  ['REFRESH_TIMEOUT', true],
  ['REFRESH_REFUSED', false],
  ['LOCK_TIMEOUT', true],
  ['INVALID_TOKENS', false],
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

test('isAuthError recognises the AuthError of a second copy of the library', () => {
  expect(isAuthError(Object.assign(new Error(), { name: 'AuthError', code: 'DISPOSED' }), 'DISPOSED')).toBe(
    true,
  )
})

test.each([undefined, null, 'AuthError', 0, {}, new Error('AuthError')])(
  'isAuthError says no to %s',
  (value) => {
    expect(isAuthError(value)).toBe(false)
  },
)
