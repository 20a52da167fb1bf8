// @vitest-environment node
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { AuthError } from '../../src/core/errors.js'
import type { ReplyReading } from '../../src/http/refresh-reply.js'
import { readSignIn } from '../../src/http/sign-in-reply.js'
import { tokensAt } from '../../src/servers.js'
import { whilePolluted } from '../support/polluted.js'

const both = { accessToken: 'A', refreshToken: 'R' }
const read = (given: unknown, reading: ReplyReading = {}): unknown => readSignIn(given, reading)
const axiosReply = (data: unknown, headers: object = {}) => ({ status: 200, headers, data })

/** What a reading fails with. */
const problemOf = async (work: () => unknown): Promise<AuthError> => {
  try {
    await work()
  } catch (error) {
    return error as AuthError
  }
  throw new Error('tokens were found')
}

describe('the tokens of a sign-in are found', () => {
  test('in a token set, which is checked as it is', () => {
    const given = { accessToken: 'A', refreshToken: 7 }
    expect(read(given, { parse: () => both })).toEqual(given)
  })

  test('in a body with the access token at its top: the rest is read as the endpoint reads it', () => {
    const given = { accessToken: 'A', refresh_token: 'R', expires_in: 60 }
    expect(read(given)).toMatchObject({ ...both, expiresIn: 60 })
    const parse = tokensAt({ accessToken: 'accessToken', refreshToken: 'next', expiresInMs: 'life' })
    expect(read({ accessToken: 'A', next: 'R', life: 5000 }, { parse })).toMatchObject({
      ...both,
      expiresIn: 5,
    })
  })

  test('in a body with a date of expiry, where the endpoint says that it is one', () => {
    vi.useFakeTimers({ now: Date.UTC(2030, 0, 1) })
    onTestFinished(() => void vi.useRealTimers())
    const parse = tokensAt({ accessToken: 'accessToken', expiresAt: 'expires_at' })
    const given = { accessToken: 'A', expires_at: '2030-01-01T00:15:00Z' }
    expect(read(given, { parse })).toMatchObject({ accessToken: 'A', expiresIn: 900 })
  })

  test('in a token set, whatever the endpoint calls its tokens', () => {
    const given = { accessToken: 'A', refreshToken: 'R', idToken: 'I' }
    expect(read(given, { parse: tokensAt({ accessToken: 'idToken', refreshToken: 'none' }) })).toEqual(given)
  })

  test('in the body of a reply', () => {
    expect(read({ data: { access_token: 'A', refresh_token: 'R' } })).toEqual(both)
    expect(
      read({ jwt: 'A' }, { parse: ({ body }) => ({ accessToken: (body as { jwt: string }).jwt }) }),
    ).toEqual({
      accessToken: 'A',
    })
  })

  test('in a reply of axios, body or headers', () => {
    expect(read(axiosReply('{"accessToken":"A","refreshToken":"R"}'))).toEqual(both)
    expect(read(axiosReply('', new Headers({ Authorization: 'Bearer A', Refresh: 'R' })))).toEqual(both)
  })

  test('in a reply of fetch, body or headers', async () => {
    expect(await read(Response.json(both))).toEqual(both)
    const headers = { Authorization: 'Bearer A', Refresh: 'R' }
    expect(await read(new Response(null, { status: 204, headers }))).toEqual(both)
  })

  test('in the headers of a reply of fetch whose body the app has read', async () => {
    const response = new Response('{}', { headers: { Authorization: 'A' } })
    await response.json()
    expect(await read(response)).toEqual({ accessToken: 'A' })
  })
})

test('a polluted prototype makes no reply of a token set, and hides none', async () => {
  const evil = { status: 200, data: { accessToken: 'evil' }, headers: {}, text: () => 'evil' }
  const given = { accessToken: 'A' }
  expect(await whilePolluted(evil, () => read(given))).toEqual(given)
  expect(await whilePolluted(evil, () => read(Response.json(both)))).toEqual(both)
})

test.each([null, undefined, 'token', 7, {}, { text: String }, { status: '200', text: String }])(
  'what is no reply and holds no token, such as %j, is handed on to be refused',
  (given) => {
    expect(read(given)).toBe(given)
  },
)

test('a body that the parse of an app cannot read is handed on to be refused', () => {
  const given = { jwt: 7 }
  const parse = (): never => {
    throw new Error('mine')
  }
  expect(read(given, { parse })).toBe(given)
})

describe('a reply without tokens', () => {
  test.each([
    ['axios', () => read(axiosReply({ jwt: 'SECRET' }))],
    ['fetch', () => read(Response.json({ jwt: 'SECRET' }))],
  ])('of %s is described by its fields', async (_, work) => {
    const error = await problemOf(work)
    expect(error).toMatchObject({ code: 'INVALID_TOKENS', message: expect.stringContaining('fields: jwt') })
    expect(error.message).not.toContain('SECRET')
  })

  test('is described by what the parse throws, where that is an AuthError', async () => {
    const failing = (thrown: Error) => () =>
      read(axiosReply({ jwt: 7 }), {
        parse() {
          throw thrown
        },
      })
    const own = await problemOf(failing(new AuthError('REFRESH_REFUSED', 'look at tokensAt')))
    expect(own.message).toContain('look at tokensAt')
    const foreign = await problemOf(failing(new Error('SECRET')))
    expect(foreign.message).toContain('fields: jwt')
    expect(foreign.message).not.toContain('SECRET')
  })
})
