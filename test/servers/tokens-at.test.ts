import { expect, test } from 'vitest'
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
