// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Reply } from '../../src/index.js'
import { tokensAt, tokensInHeaders } from '../../src/servers.js'

const reply = (body: unknown, status = 200, headers: Record<string, string> = {}): Reply => ({
  status,
  body,
  header: (name) => new Headers(headers).get(name),
})

test('tokens are found in nested objects', () => {
  const read = tokensAt({ accessToken: 'a.b.token', refreshToken: 'a.renewal', expiresIn: 'a.life' })
  expect(read(reply({ a: { b: { token: 'access-1' }, renewal: 'refresh-1', life: '60' } }))).toEqual({
    accessToken: 'access-1',
    refreshToken: 'refresh-1',
    expiresIn: 60,
  })
})

test.each([
  undefined,
  null,
  'access-1',
  {},
  { data: null },
  { data: 'access-1' },
  { data: { access: null } },
  Object.create({ data: { access: 'access-1' } }),
])('there are none in %j', (body) => {
  expect(tokensAt({ accessToken: 'data.access' })(reply(body))).toBeNull()
})

test('there are none in an error', () => {
  expect(tokensAt({ accessToken: 'access' })(reply({ access: 'access-1' }, 400))).toBeNull()
})

test('what is no refresh token and no lifetime counts as absent', () => {
  const read = tokensAt({ accessToken: 'access', refreshToken: 'refresh', expiresIn: 'life' })
  expect(read(reply({ access: 'access-1', refresh: '', life: '1h' }))).toEqual({ accessToken: 'access-1' })
})

test('milliseconds are lifetimes too', () => {
  const read = tokensAt({ accessToken: 'access', expiresInMs: 'ms' })
  expect(read(reply({ access: 'access-1', ms: 1500 }))).toEqual({ accessToken: 'access-1', expiresIn: 1.5 })
})

describe('an instant of expiry', () => {
  beforeEach(() => vi.useFakeTimers({ now: Date.UTC(2030, 0, 1) }))
  afterEach(() => vi.useRealTimers())
  const read = tokensAt({ accessToken: 'token', expiresAt: 'data.expires' })
  const lifetimeOf = (expires: unknown): number | undefined =>
    read(reply({ token: 'access-1', data: { expires } }))?.expiresIn
  const inAnHour = Date.UTC(2030, 0, 1, 1)

  test.each([
    '2030-01-01T01:00:00Z',
    '2030-01-01T03:00:00+02:00',
    'Tue, 01 Jan 2030 01:00:00 GMT',
    inAnHour,
    inAnHour / 1000,
    String(inAnHour / 1000),
    String(inAnHour),
  ])('may be written as %j', (expires) => {
    expect(lifetimeOf(expires)).toBe(3600)
  })

  test.each(['2030/10/30 12:00:00', '2030-10-30 12:00:00', '2030-10-30T12:00:00'])(
    'without a time zone counts in that of the device: %j',
    (expires) => {
      expect(lifetimeOf(expires)).toBe((new Date(2030, 9, 30, 12).getTime() - Date.now()) / 1000)
    },
  )

  test.each([
    '2029-12-31T23:59:59Z',
    Date.UTC(2029, 0, 1),
    3600,
    '1972-01-01',
    'soon',
    '',
    null,
    {},
    -1,
    Infinity,
  ])('that has passed, or is none, counts as absent: %j', (expires) => {
    expect(lifetimeOf(expires)).toBeUndefined()
  })

  test('counts where no lifetime is given', () => {
    const both = tokensAt({ accessToken: 'token', expiresIn: 'life', expiresAt: 'expires' })
    const body = { token: 'access-1', expires: inAnHour }
    expect(both(reply(body))?.expiresIn).toBe(3600)
    expect(both(reply({ ...body, life: 60 }))?.expiresIn).toBe(60)
  })
})

test.each([{ accessToken: 7 }, { accessToken: 'a', refresh: 'b' }, null])('%j is no place', (places) => {
  expect(() => tokensAt(places as never)).toThrow(/^tokensAt/)
})

test.each([{ accessToken: 7 }, { access: 'X-Access' }, 'X-Access', null])('%j names no headers', (names) => {
  expect(() => tokensInHeaders(names as never)).toThrow(/^tokensInHeaders/)
})

test('tokens in headers may have the word Bearer or not', () => {
  const read = tokensInHeaders({ accessToken: 'X-Access', refreshToken: 'X-Renewal' })
  const headers = { 'X-Access': 'access-1', 'X-Renewal': 'bearer refresh-1' }
  expect(read(reply(undefined, 200, headers))).toEqual({
    accessToken: 'access-1',
    refreshToken: 'refresh-1',
  })
  expect(read(reply(undefined, 403, headers))).toBeNull()
  expect(read(reply(undefined))).toBeNull()
})
