// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { dateHintOf } from '../../src/development/expiry-date-hint.js'
import { unsignedJwt } from '../support/unsigned-jwt.js'

const opaque = { accessToken: 'A' }
const messageOf = (found: unknown, body: unknown): string | undefined =>
  (dateHintOf(found, body) as { message: string } | undefined)?.message

describe('a date that nobody reads is told of, with what to write', () => {
  test.each<[string, unknown]>([
    ['expiresAt', '2030-01-01T00:15:00Z'],
    ['expires_at', 1_893_456_900],
    ['expires', 1_893_456_900_000],
    ['expires', '1893456900'],
    ['expiresAt', 'Tue, 01 Jan 2030 01:00:00 GMT'],
    ['expires', '2030/10/30 12:00:00'],
  ])('%s: %j', (name, date) => {
    expect(messageOf(opaque, { accessToken: 'A', [name]: date })).toContain(
      `tokensAt({ accessToken: …, expiresAt: '${name}' })`,
    )
    expect(messageOf(opaque, { data: { accessToken: 'A', [name]: date } })).toContain(`'data.${name}'`)
    expect(messageOf(opaque, { accessToken: 'A', [name]: date })).not.toContain(String(date))
  })
})

test.each<[string, unknown, unknown]>([
  ['a lifetime is known', { ...opaque, expiresIn: 60 }, { expiresAt: '2030-01-01' }],
  ['the token says it', { accessToken: unsignedJwt({ exp: 1 }) }, { expiresAt: '2030-01-01' }],
  ['there are no tokens', null, { expiresAt: '2030-01-01' }],
  ['what the field holds is a lifetime', opaque, { expires: 900_000 }],
  ['… or no date', opaque, { expiresAt: 'soon', expires: null, expires_at: {} }],
  ['there is no body', opaque, undefined],
])('there is no warning where %s', (_, found, body) => {
  expect(dateHintOf(found, body)).toBeUndefined()
})
