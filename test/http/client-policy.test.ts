// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { createClientPolicy, refreshOriginOf, unsafeUrl } from '../../src/http/client-policy.js'
import type { RequestGuard } from '../../src/http/request-guard.js'

const guard = {
  allowedOrigins: ['https://session.test'],
  page: () => 'https://app.test/',
  refreshUrl: 'https://auth.test/refresh',
} as unknown as RequestGuard

describe('one client may take the token', () => {
  const policy = createClientPolicy(guard, { allowedOrigins: ['https://own.test'] }, ['https://auth.test'])

  test.each(['https://session.test', 'https://own.test', 'https://auth.test', 'https://app.test'])(
    'to %s',
    (origin) => {
      expect(policy.judge(`${origin}/a`, undefined)).toBe('ours')
    },
  )

  test('and nowhere else, also where it says nothing of its own', () => {
    expect(policy.judge('https://other.test/a', undefined)).toBe('foreign')
    expect(createClientPolicy(guard, {}).judge('https://own.test/a', undefined)).toBe('foreign')
  })
})

test.each([
  [{ allowedOrigins: 'https://own.test' }, /allowedOrigins takes a list/],
  [{ allowedOrigins: ['https://*.test'] }, /allowedOrigins takes exact/],
  [{ origins: [] }, /withSession has no option "origins"/],
])('%j is refused, by name', (options, problem) => {
  expect(() => createClientPolicy(guard, options as never)).toThrow(problem)
})

test('the origin of the refresh endpoint is known where its URL is', () => {
  expect(refreshOriginOf(guard)).toEqual(['https://auth.test'])
  expect(refreshOriginOf({ ...guard, refreshUrl: undefined })).toEqual([])
})

test('a URL with a user or a password is named as what it is', () => {
  expect(unsafeUrl()).toMatchObject({ code: 'UNSAFE_URL', message: expect.stringContaining('password') })
})
