// @vitest-environment node
import { AxiosError, type AxiosResponse } from 'axios'
import { describe, expect, test } from 'vitest'
import { AuthError, type AuthErrorCode } from '../../src/core/errors.js'
import { shouldRetry } from '../../src/core/should-retry.js'

const answered = (status: number, cause?: unknown): AxiosError => {
  const error = new AxiosError('refused', undefined, undefined, undefined, { status } as AxiosResponse)
  return cause ? Object.assign(error, { cause }) : error
}

test.each<[AuthErrorCode, boolean]>([
  ['SESSION_EXPIRED', false],
  ['SESSION_CHANGED', false],
  ['REFRESH_REFUSED', false],
  ['UNSAFE_URL', false],
  ['DISPOSED', false],
  ['REFRESH_FAILED', true],
  ['REFRESH_TIMEOUT', true],
  ['LOCK_TIMEOUT', true],
])('a query that failed for %s is tried again: %s', (code, isRetried) => {
  const reason = new AuthError(code, '')
  expect(shouldRetry(0, reason)).toBe(isRetried)
  expect(shouldRetry(0, answered(401, reason)), 'as the cause of a 401').toBe(isRetried)
  expect(shouldRetry(0, Object.assign(new AxiosError('', code), { cause: reason }))).toBe(isRetried)
})

describe.each([
  ['an error of axios', answered],
  ['an error with a status', (status: number) => Object.assign(new Error('refused'), { status })],
  ['a reply of fetch', (status: number) => new Response(null, { status })],
])('%s', (_, refused) => {
  test.each([400, 401, 403, 404, 409, 422])('with status %i is final', (status) => {
    expect(shouldRetry(0, refused(status))).toBe(false)
  })

  test.each([408, 425, 429, 500, 502, 503])('with status %i is tried again', (status) => {
    expect(shouldRetry(0, refused(status))).toBe(true)
  })
})

test('a call that got no reply is tried again three times', () => {
  const error = new AxiosError('Network Error', AxiosError.ERR_NETWORK)
  expect([0, 1, 2, 3, 4].map((failureCount) => shouldRetry(failureCount, error))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ])
})

test('a refresh that may succeed later is not asked for for ever', () => {
  expect(shouldRetry(3, new AuthError('REFRESH_FAILED', ''))).toBe(false)
})

test.each([undefined, null, 'failed', 0, {}, { status: '404' }, { status: 0 }, { status: 304 }])(
  '%j, thrown by somebody, is tried again',
  (thrown) => {
    expect(shouldRetry(0, thrown)).toBe(true)
  },
)
