// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { warningsOf, watchTokens } from '../../src/development/token-hints.js'
import type { TokenSet } from '../../src/index.js'
import { type FakeTabParts, openTab } from '../support/fake-tab.js'
import { storedRecord } from '../support/stored-record.js'
import { unsignedJwt } from '../support/unsigned-jwt.js'

const { receivedAt } = storedRecord()
const now = receivedAt / 1000
const year = 366 * 86_400

const codesOf = (...record: Parameters<typeof storedRecord>): string[] =>
  warningsOf(storedRecord(...record)).map((warning) => ('code' in warning ? String(warning.code) : ''))

const jwt = (exp: unknown): string => unsignedJwt({ sub: 'ada', exp })

describe('EXP_UNUSABLE warns of a JWT', () => {
  test.each([
    ['in milliseconds', receivedAt + 900_000],
    ['in quotes', `${now + 900}`],
    ['before 1970', -1],
    ['of zero', 0],
    ['that is no number', true],
    ['that is past', now - 10],
  ])('with an exp %s', (_, exp) => {
    expect(codesOf({ accessToken: jwt(exp), expiresAt: null })).toEqual(['EXP_UNUSABLE'])
  })

  test.each([
    ['without an exp', jwt(undefined)],
    ['with an exp of null', jwt(null)],
    ['that is opaque', 'opaque'],
    // Its lifetime of 0 s came beside it, and counts.
    ['with a good exp that is not used', jwt(now + 900)],
  ])('and not of a token %s', (_, accessToken) => {
    expect(codesOf({ accessToken, expiresAt: null })).toEqual([])
  })

  test('and not where the lifetime came beside it', () => {
    expect(codesOf({ accessToken: jwt(true), expiresAt: receivedAt + 1000 })).toEqual([])
  })
})

test.each([
  [year, []],
  [year + 1, ['LIFETIME_TOO_LONG']],
  [3.6e9, ['LIFETIME_TOO_LONG']],
])('a life of %d s gets the warnings %j', (seconds, codes) => {
  expect(codesOf({ expiresAt: receivedAt + seconds * 1000 })).toEqual(codes)
})

test('SAME_TOKEN_TWICE warns of an access token that is the refresh token', () => {
  expect(codesOf({ accessToken: 'same', refreshToken: 'same' })).toEqual(['SAME_TOKEN_TWICE'])
  expect(codesOf({ accessToken: 'opaque' })).toEqual([])
})

test.each([
  ['EXP_UNUSABLE', { accessToken: jwt(0), expiresAt: null }, 'in seconds'],
  ['LIFETIME_TOO_LONG', { expiresAt: receivedAt + 3.6e12 }, 'in seconds'],
  ['SAME_TOKEN_TWICE', { accessToken: 'opaque', refreshToken: 'opaque' }, 'are the same'],
])('%s says what to look at, and no value', (code, fields, words) => {
  const [warning] = warningsOf(storedRecord(fields))
  expect(warning).toMatchObject({ code, message: expect.stringContaining(words) })
  expect(JSON.stringify(warning)).not.toContain(storedRecord(fields).accessToken)
})

describe('a session that is watched', () => {
  function openWatchedTab(parts?: FakeTabParts) {
    const tab = openTab(parts)
    watchTokens(tab.session, tab.source)
    return tab
  }

  const odd: TokenSet = { accessToken: 'same-1', refreshToken: 'same-1', expiresIn: year + 1 }
  const warnings = ['LIFETIME_TOO_LONG', 'SAME_TOKEN_TWICE']

  test('warns of odd tokens once at the sign-in, and once after each refresh', async () => {
    const tab = openWatchedTab()
    const codes = (): unknown[] => tab.events.flatMap((event) => ('code' in event ? [event.code] : []))
    await tab.session.setTokens(odd)
    expect(tab.events.map(({ type }) => type)).toEqual(['signed-in', 'warning', 'warning'])
    expect(codes()).toEqual(warnings)
    await tab.session.getAccessToken()
    expect(codes()).toEqual(warnings)
    tab.endpoint.answers({
      kind: 'refreshed',
      tokens: { ...odd, accessToken: 'same-2', refreshToken: 'same-2' },
    })
    await tab.session.refresh()
    expect(codes()).toEqual([...warnings, ...warnings])
    expect(tab.events.slice(-3).map(({ type }) => type)).toEqual(['refresh-succeeded', 'warning', 'warning'])
  })

  test('does not warn of tokens that another tab brought', async () => {
    const record = storedRecord({ accessToken: 'same-1', refreshToken: 'same-1' })
    const tab = openWatchedTab({ store: { read: () => record, write() {} } })
    await tab.session.ready
    expect(tab.session.state.status).toBe('signed-in')
    expect(tab.events).toEqual([])
  })
})
