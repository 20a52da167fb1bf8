// @vitest-environment node
import { expect, test } from 'vitest'
import { bearerRefresh, cookie, jsonPair, jsonRefresh } from '../../src/servers.js'

const url = '/auth/refresh'
const read = (names: { accessToken?: string; refreshToken?: string }, body: unknown, status = 200) =>
  jsonRefresh({ url, names }).parse?.({ status, header: () => null, body })

const both = { accessToken: 'access-1', refreshToken: 'refresh-1' }

test('tokens are found by their names', () => {
  const names = { accessToken: 'jwt', refreshToken: 'ticket' }
  expect(read(names, { jwt: 'access-1', ticket: 'refresh-1' })).toEqual(both)
})

test.each([
  [{ refreshToken: 'refresh_token' }, { accessToken: 'access-1', refreshToken: 'refresh-1' }],
  [{ refreshToken: 'refresh_token' }, { data: { access_token: 'access-1', refresh_token: 'refresh-1' } }],
  [{ refreshToken: 'ticket' }, { access_token: 'access-1', ticket: 'refresh-1' }],
  [{ accessToken: 'jwt' }, { jwt: 'access-1', refresh_token: 'refresh-1' }],
  [{ accessToken: 'result.jwt' }, { result: { jwt: 'access-1', refreshToken: 'refresh-1' } }],
  [
    { accessToken: 'result.jwt', refreshToken: 'ticket' },
    { result: { jwt: 'access-1', ticket: 'refresh-1' } },
  ],
])('with %j, what has no such name is read by the usual one: %j', (names, body) => {
  expect(read(names, body)).toEqual(both)
})

test.each([
  { jwt: 'access-1', expiresIn: 60 },
  { jwt: 'access-1', expires_in: '60' },
  { data: { expires_in: 60 }, jwt: 'access-1' },
])('the lifetime in %j counts', (body) => {
  expect(read({ accessToken: 'jwt' }, body)).toEqual({ accessToken: 'access-1', expiresIn: 60 })
})

test('the name that the app gives comes before the usual one', () => {
  expect(read({ accessToken: 'jwt' }, { accessToken: 'other', jwt: 'access-1' })).toEqual({
    accessToken: 'access-1',
  })
})

test.each([undefined, null, 'access-1', {}, { jwt: null }, { '': 'access-1' }])(
  'there are none in %j',
  (body) => {
    expect(read({ accessToken: 'jwt' }, body)).toBeNull()
  },
)

test('there are none in an error', () => {
  expect(read({ accessToken: 'jwt' }, { jwt: 'access-1' }, 400)).toBeNull()
})

test.each([
  ['jsonPair', jsonPair({ url, names: { accessToken: 'jwt' } })],
  ['bearerRefresh', bearerRefresh({ url, names: { accessToken: 'jwt' } })],
  ['cookie', cookie({ url, names: { accessToken: 'jwt' } })],
])('%s reads by name in the same way', (_, { parse }) => {
  const body = { jwt: 'access-1', refreshToken: 'refresh-1', expiresIn: 60 }
  expect(parse?.({ status: 200, header: () => null, body })).toEqual({ ...both, expiresIn: 60 })
})

test.each([
  ['jsonRefresh', jsonRefresh({ url })],
  ['jsonPair', jsonPair({ url })],
  ['bearerRefresh', bearerRefresh({ url })],
  ['cookie', cookie({ url })],
])('%s without names leaves the reading to the defaults', (_, endpoint) => {
  expect(endpoint).not.toHaveProperty('parse')
})
