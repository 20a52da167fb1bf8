// @vitest-environment node
import { expect, test } from 'vitest'
import { AuthError } from '../../src/core/errors.js'
import { newsOf } from '../../src/core/session-news.js'
import type { VaultChange } from '../../src/core/token-vault.js'

test.each<[VaultChange, string[]]>([
  ['loaded', []],
  ['signed-in', ['signed-in']],
  ['signed-out', ['signed-out']],
  ['expired', ['expired']],
  ['renewed', []],
  ['expiry-unknown', []],
  ['adopted', ['adopted']],
  ['switched', ['signed-in']],
])('%s is told as %j', (change, types) => {
  expect(newsOf(undefined, [change], 'signed-out').map(({ type }) => type)).toEqual(types)
})

test.each(['signed-out', 'expired'] as const)('an end in another tab is told by its reason, %s', (reason) => {
  expect(newsOf(undefined, ['signed-out-elsewhere'], reason)).toEqual([{ type: reason }])
})

test('a failure is told without its words, and with its status where it has one', () => {
  const withStatus = new AuthError('REFRESH_FAILED', 'SECRET', { status: 503, cause: 'SECRET' })
  expect(newsOf({ type: 'refresh-failed', error: withStatus }, [], 'signed-out')).toEqual([
    { type: 'refresh-failed', code: 'REFRESH_FAILED', retryable: true, status: 503 },
  ])
  const without = new AuthError('DISPOSED', 'SECRET')
  expect(newsOf({ type: 'refresh-failed', error: without }, [], 'signed-out')).toStrictEqual([
    { type: 'refresh-failed', code: 'DISPOSED', retryable: false },
  ])
})

test('what the refresh came to is told first, then what became of the tokens', () => {
  const error = new AuthError('SESSION_EXPIRED', '')
  const news = newsOf({ type: 'refresh-failed', error }, ['expired'], 'signed-out')
  expect(news.map(({ type }) => type)).toEqual(['refresh-failed', 'expired'])
})

test('a refresh that another tab saved us is told as adopted alone', () => {
  expect(newsOf({ type: 'refresh-succeeded' }, ['adopted'], 'signed-out')).toEqual([{ type: 'adopted' }])
  expect(newsOf({ type: 'refresh-succeeded' }, ['renewed'], 'signed-out')).toEqual([
    { type: 'refresh-succeeded' },
  ])
})

test('a refresh that was not due is told as a warning', () => {
  expect(newsOf({ type: 'refresh-not-due' }, ['expiry-unknown'], 'signed-out')).toEqual([
    { type: 'warning', code: 'REFRESH_NOT_DUE', message: expect.stringContaining('timing') },
  ])
})
