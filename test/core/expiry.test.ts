// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { expiryOf, refreshDueAt } from '../../src/core/expiry.js'
import { storedRecord } from '../support/stored-record.js'
import { unsignedJwt } from '../support/unsigned-jwt.js'

const now = Date.UTC(2030, 0, 1)
const seconds = now / 1000
const minute = 60_000

describe('the expiry of a token just received', () => {
  const jwt = (claims: object, more = {}): number | null =>
    expiryOf({ accessToken: unsignedJwt(claims), ...more }, now)

  test('counts expiresIn from receipt, before anything that the token says', () => {
    expect(expiryOf({ accessToken: 'opaque', expiresIn: 900 }, now)).toBe(now + 15 * minute)
    expect(jwt({ iat: seconds, exp: seconds + 60 }, { expiresIn: 900 })).toBe(now + 15 * minute)
  })

  test('counts exp - iat from receipt', () => {
    expect(jwt({ iat: seconds, exp: seconds + 900 })).toBe(now + 15 * minute)
  })

  test.each([-24 * 60, -20, 20, 24 * 60])(
    'with iat, a clock that is %d minutes off does no harm',
    (minutes) => {
      const claims = { iat: seconds + minutes * 60, exp: seconds + minutes * 60 + 900 }
      expect(jwt(claims)).toBe(now + 15 * minute)
    },
  )

  test('a bare exp is taken by the local clock', () => {
    expect(jwt({ exp: seconds + 900 })).toBe(now + 15 * minute)
  })

  test('a bare exp that has passed by the local clock is not believed', () => {
    expect(jwt({ exp: seconds - 300 })).toBeNull()
    expect(jwt({ exp: seconds })).toBeNull()
  })

  test.each([
    ['an opaque token', 'opaque'],
    ['a JWT without exp', unsignedJwt({ iat: seconds })],
    ['an exp in milliseconds', unsignedJwt({ exp: now + minute })],
    ['an exp that is a string', unsignedJwt({ exp: `${seconds + 900}` })],
    ['an exp of 0', unsignedJwt({ exp: 0 })],
    ['a negative exp', unsignedJwt({ exp: -1 })],
    ['an exp before iat', unsignedJwt({ iat: seconds, exp: seconds - 1 })],
    ['a life of nothing', unsignedJwt({ iat: seconds, exp: seconds })],
  ])('%s: only the server knows', (_, accessToken) => {
    expect(expiryOf({ accessToken }, now)).toBeNull()
  })

  test('an expiresIn of 0 means that only the server knows, whatever the token says', () => {
    expect(jwt({ iat: seconds, exp: seconds + 900 }, { expiresIn: 0 })).toBeNull()
  })

  test('an iat that is no date is passed over', () => {
    expect(jwt({ iat: 'now', exp: seconds + 900 })).toBe(now + 15 * minute)
  })
})

describe('a refresh is due', () => {
  const record = (lifeMs: number) => storedRecord({ receivedAt: now, expiresAt: now + lifeMs })

  test('30 s before the expiry of a token that lives long', () => {
    expect(refreshDueAt(record(60 * minute), 'any')).toBe(now + 60 * minute - 30_000)
  })

  test('a tenth of its life before the expiry of a token that lives short', () => {
    expect(refreshDueAt(record(100_000), 'any')).toBe(now + 90_000)
    expect(refreshDueAt(record(4000), 'any')).toBe(now + 3600)
  })

  test('as long before as was chosen', () => {
    expect(refreshDueAt(record(60 * minute), 'any', 5 * minute)).toBe(now + 55 * minute)
    expect(refreshDueAt(record(60 * minute), 'any', 0)).toBe(now + 60 * minute)
  })

  test('but after half of its life at the earliest', () => {
    expect(refreshDueAt(record(4000), 'any', 10_000)).toBe(now + 2000)
  })

  test('at the expiry, whatever was chosen, where the server takes no refresh before', () => {
    expect(refreshDueAt(record(60 * minute), 'after-expiry', 5 * minute)).toBe(now + 60 * minute)
  })

  test('from half of its life on where the server takes none after it, and who comes later must sign in again', () => {
    expect(refreshDueAt(record(60 * minute), 'before-expiry')).toBe(now + 30 * minute)
    expect(refreshDueAt(record(60 * minute), 'before-expiry', 5 * minute)).toBe(now + 55 * minute)
  })

  test('never, where only the server knows the expiry', () => {
    expect(refreshDueAt(storedRecord({ expiresAt: null }), 'any')).toBe(Infinity)
  })
})

test.each([0, -5, 1e11])('an exp of %d is no date', (exp) => {
  expect(expiryOf({ accessToken: unsignedJwt({ exp, iat: 1 }) }, now)).toBeNull()
  expect(expiryOf({ accessToken: unsignedJwt({ exp }) }, -1e15)).toBeNull()
})

test.each([0, -5])('an iat of %d is none: the exp is compared with the clock', (iat) => {
  const accessToken = unsignedJwt({ exp: seconds + 60, iat })
  expect(expiryOf({ accessToken }, now)).toBe(now + minute)
})
