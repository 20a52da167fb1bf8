// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { AuthError } from '../../src/core/errors.js'
import type { RefreshOutcome } from '../../src/core/refresh-outcome.js'
import { findTokens, judgeReply, type RefreshReply, type ReplyReading } from '../../src/http/refresh-reply.js'
import { oauth2 } from '../../src/servers.js'

const now = Date.parse('2026-01-01T00:00:00Z')

function replyOf(status: number, body?: unknown, headers: Record<string, string> = {}): RefreshReply {
  const known = new Headers(headers)
  return { status, header: (name) => known.get(name), body }
}

const judge = (
  status: number,
  body?: unknown,
  headers?: Record<string, string>,
  reading: ReplyReading = {},
): RefreshOutcome => judgeReply(replyOf(status, body, headers), reading, now)

const tokens = (...given: Parameters<typeof judge>): unknown => {
  const outcome = judge(...given)
  return outcome.kind === 'refreshed' ? outcome.tokens : outcome.kind
}

describe('a reply brings tokens', () => {
  const both = { accessToken: 'A', refreshToken: 'R' }

  test.each([
    ['in camelCase', { accessToken: 'A', refreshToken: 'R' }],
    ['in snake_case', { access_token: 'A', refresh_token: 'R' }],
    ['under data', { data: { accessToken: 'A', refreshToken: 'R' } }],
    ['under data in snake_case', { success: true, data: { access_token: 'A', refresh_token: 'R' } }],
    [
      'among other things',
      { user: { id: 1 }, accessToken: 'A', refreshToken: 'R', data: { accessToken: 'B' } },
    ],
    ['with their type', { access_token: 'A', refresh_token: 'R', token_type: 'Bearer' }],
    ['with their type in lower case', { access_token: 'A', refresh_token: 'R', token_type: 'bearer' }],
  ])('%s', (_, body) => {
    expect(tokens(200, body)).toEqual(both)
  })

  test('in its headers, with the word Bearer or without', () => {
    expect(tokens(200, undefined, { Authorization: 'Bearer A', Refresh: 'R' })).toEqual(both)
    expect(tokens(204, '', { authorization: 'A', refresh: 'R' })).toEqual(both)
    expect(tokens(200, '', { authorization: 'bearer   A', refresh: 'R' })).toEqual(both)
  })

  test.each(['Bearer', 'bearer', 'Bearer '])('in no header that says %j without a token', (Authorization) => {
    expect(tokens(200, undefined, { Authorization, Refresh: 'R' })).toBe('retry')
    expect(tokens(200, undefined, { Authorization: 'A', Refresh: Authorization })).toEqual({
      accessToken: 'A',
    })
  })

  test('in headers of other names', () => {
    const names = { accessToken: 'X-Access', refreshToken: 'X-Refresh' }
    const parse = (reply: RefreshReply) => findTokens(reply, names)
    expect(tokens(200, undefined, { 'X-Access': 'A', 'X-Refresh': 'R' }, { parse })).toEqual(both)
    expect(tokens(200, undefined, { Authorization: 'A', Refresh: 'R' }, { parse })).toBe('retry')
  })

  test.each([200, 201, 202, 207])('with status %d', (status) => {
    expect(tokens(status, both)).toEqual(both)
  })

  test.each([
    ['absent', {}],
    ['null', { refreshToken: null }],
    ['empty', { refreshToken: '' }],
    ['a number', { refreshToken: 7 }],
    ['of characters that no token has', { refreshToken: 'two words' }],
  ])('and none to replace the refresh token, when that is %s', (_, rest) => {
    expect(tokens(200, { accessToken: 'A', ...rest })).toEqual({ accessToken: 'A' })
  })

  test('and what is absent is no field of them', () => {
    expect(Object.keys(findTokens(replyOf(200, { accessToken: 'A' })) ?? {})).toEqual(['accessToken'])
  })

  test.each([
    [3600, 3600],
    ['3600', 3600],
    [0.5, 0.5],
  ])('with a lifetime of %j', (given, expiresIn) => {
    expect(tokens(200, { access_token: 'A', expires_in: given })).toEqual({ accessToken: 'A', expiresIn })
    expect(tokens(200, { accessToken: 'A', expiresIn: given })).toEqual({ accessToken: 'A', expiresIn })
  })

  test.each([-1, 'soon', null, Number.NaN, '1h', {}])('and no lifetime, when that is %j', (expires_in) => {
    expect(tokens(200, { access_token: 'A', expires_in })).toEqual({ accessToken: 'A' })
  })
})

describe('a reply without a token is no success, whatever its status:', () => {
  test.each([
    ['nothing', undefined],
    ['an empty text', ''],
    ['HTML', '<html>'],
    ['an empty object', {}],
    ['a list', ['A']],
    ['a number', 7],
    ['null', null],
    ['another field', { token: 'A' }],
    ['null for a token', { accessToken: null }],
    ['an empty token', { accessToken: '' }],
    ['a number for a token', { accessToken: 7 }],
    ['an object for a token', { accessToken: { value: 'A' } }],
    ['the word undefined', { accessToken: 'undefined' }],
    ['a token with the word Bearer', { accessToken: 'Bearer A' }],
    ['a token with a line break', { accessToken: 'A\r\nX-Evil: 1' }],
    ['a token longer than any', { accessToken: 'A'.repeat(20_000) }],
    ['a token of another type', { access_token: 'A', token_type: 'DPoP' }],
    ['a token of another type, in camelCase', { accessToken: 'A', tokenType: 'DPoP' }],
    ['a token whose type is no text', { access_token: 'A', token_type: 1 }],
    ['a token deeper down', { result: { accessToken: 'A' } }],
    ['a token under data twice', { data: { data: { accessToken: 'A' } } }],
    ['a token that is inherited', Object.create({ accessToken: 'A' })],
  ])('200 with %s may be tried again', (_, body) => {
    expect(judge(200, body)).toMatchObject({
      kind: 'retry',
      error: { code: 'REFRESH_FAILED', status: 200, retryable: true },
      isSpent: true,
    })
  })

  test('200 with another scheme in its header may be tried again', () => {
    expect(tokens(200, undefined, { Authorization: 'NoBearer A' })).toBe('retry')
  })

  test.each([undefined, { access_token: 'A', token_type: 1 }])('200 with %j is what the app says', (body) => {
    expect(judge(200, body, {}, { classify: () => 'ended' }).kind).toBe('ended')
  })

  test('tokens in a reply of another status are not taken', () => {
    expect(judge(400, { accessToken: 'A' }).kind).not.toBe('refreshed')
    expect(judge(401, undefined, { Authorization: 'Bearer A' }).kind).toBe('ended')
    expect(judge(503, { accessToken: 'A' }).kind).toBe('retry')
  })
})

describe('a reply ends the session', () => {
  test.each<[name: string, status: number, body: unknown]>([
    ['401', 401, undefined],
    ['401 with HTML', 401, '<html>'],
    ['401 with JSON', 401, { message: 'revoked' }],
    ['403 with JSON', 403, { message: 'revoked' }],
    ['400 with invalid_grant', 400, { error: 'invalid_grant' }],
    ['401 with invalid_grant', 401, { error: 'invalid_grant' }],
    ['403 with invalid_grant', 403, { error: 'invalid_grant', error_description: 'expired' }],
  ])('by %s', (_, status, body) => {
    const { error, kind } = judge(status, body) as { kind: string; error: AuthError }
    expect(kind).toBe('ended')
    expect(error).toBeInstanceOf(AuthError)
    expect(error).toMatchObject({ code: 'SESSION_EXPIRED', retryable: false, status })
  })
})

describe('a reply may be followed by another try', () => {
  test.each<[status: number, body: unknown]>([
    [408, undefined],
    [425, undefined],
    [429, { error: 'slow_down' }],
    [500, undefined],
    [502, '<html>'],
    [503, { message: 'maintenance' }],
    [504, undefined],
    [403, '<html>'],
    [403, undefined],
  ])('when it is a %d with %j', (status, body) => {
    const error = { code: 'REFRESH_FAILED', status, message: expect.stringContaining('no access token') }
    expect(judge(status, body)).toMatchObject({ kind: 'retry', error, isSpent: false })
  })
})

describe('a reply says that the request itself is wrong', () => {
  test.each<[status: number, body: unknown]>([
    [400, undefined],
    [400, { error: 'invalid_client' }],
    [400, { error: 'invalid_request' }],
    [404, '<html>'],
    [405, undefined],
    [415, { message: 'JSON, please' }],
    [422, { errors: [] }],
    [300, undefined],
    [300, { accessToken: 'A' }],
    [302, undefined],
  ])('when it is a %d with %j', (status, body) => {
    expect(judge(status, body)).toMatchObject({
      kind: 'misconfigured',
      error: {
        code: 'REFRESH_REFUSED',
        retryable: false,
        status,
        message: expect.stringContaining('request'),
      },
    })
  })
})

describe('a reply says that the access token has not expired', () => {
  test.each([
    { message: 'Access token has not expired yet' },
    { error: 'Token is not expired' },
    { msg: 'NOT YET EXPIRED' },
    { detail: 'The token is not yet expired.' },
  ])('when it is a 400 with %j', (body) => {
    expect(judge(400, body)).toEqual({ kind: 'not-due' })
  })

  test('but not when it is a 401 with such a text', () => {
    expect(judge(401, { message: 'Token is not expired' }).kind).toBe('ended')
  })

  test('nor when it is a 400 with a list of such texts, which may be about anything', () => {
    expect(judge(400, { message: ['the coupon is not expired'] }).kind).toBe('misconfigured')
  })
})

describe('for OAuth, nothing but invalid_grant ends the session:', () => {
  const reading = oauth2({ url: 'https://as.test/token', clientId: 'spa' })

  test.each<[status: number, body: unknown, kind: string]>([
    [400, { error: 'invalid_grant' }, 'ended'],
    [401, { error: 'invalid_client' }, 'misconfigured'],
    [401, undefined, 'misconfigured'],
    [400, { error: 'unsupported_grant_type' }, 'misconfigured'],
    [403, { error: 'access_denied' }, 'misconfigured'],
    [503, { error: 'temporarily_unavailable' }, 'retry'],
  ])('%d with %j is %s', (status, body, kind) => {
    expect(judge(status, body, {}, reading).kind).toBe(kind)
  })
})

describe('the error of an OAuth reply', () => {
  const sent = { accessToken: 'old-access', refreshToken: '0d7b64f1-8a4e' }
  const oauthError = (body: object, reading: ReplyReading = {}, status = 400): unknown =>
    (judgeReply(replyOf(status, body), reading, now, sent) as { error: AuthError }).error.oauthError

  test.each(['invalid_client', 'use_dpop_nonce', 'urn:example:error/7', 'E.401-2', 'x'.repeat(60)])(
    'is handed on, where it is a code: %s',
    (error) => {
      expect(oauthError({ error })).toBe(error)
    },
  )

  test.each([
    { code: 7 },
    '',
    'two words',
    'two\nlines',
    'x'.repeat(61),
    'Invalid refresh token: 1e2d',
    'could not rotate "1e2d"',
    'é',
  ])('is not, where it is none: %j', (error) => {
    expect(oauthError({ error })).toBeUndefined()
  })

  test.each([sent.accessToken, sent.refreshToken, `revoked:${sent.refreshToken}`])(
    'is not, where it quotes a token of the call: %s',
    (error) => {
      expect(oauthError({ error })).toBeUndefined()
      expect(oauthError({ error }, {}, 401)).toBeUndefined()
      expect(oauthError({ error }, {}, 503)).toBeUndefined()
    },
  )

  test('is not, where it quotes a token of the reply', () => {
    expect(oauthError({ error: 'next-access', accessToken: 'next-access' })).toBeUndefined()
    expect(oauthError({ error: 'x:next', access_token: 'A', refresh_token: 'next' })).toBeUndefined()
    const parse = () => ({ accessToken: 'two words', refreshToken: 'next' })
    expect(oauthError({ error: 'next' }, { parse })).toBeUndefined()
  })

  test('decides all the same, whatever the token is', () => {
    const short = { accessToken: 'a', refreshToken: 'grant' }
    const outcome = judgeReply(replyOf(400, { error: 'invalid_grant' }), {}, now, short)
    expect(outcome).toMatchObject({ kind: 'ended', error: { oauthError: undefined } })
  })

  test('is handed on where there was no token to send, as for a cookie', () => {
    const none = { accessToken: '' }
    const outcome = judgeReply(replyOf(400, { error: 'invalid_client' }), {}, now, none)
    expect(outcome).toMatchObject({ error: { oauthError: 'invalid_client' } })
  })
})

describe('Retry-After', () => {
  const delayOf = (value: string): unknown =>
    (judge(503, undefined, { 'Retry-After': value }) as { retryAfterMs?: number }).retryAfterMs

  test('is read as seconds or as a date', () => {
    expect(delayOf('120')).toBe(120_000)
    expect(delayOf('Thu, 01 Jan 2026 00:00:30 GMT')).toBe(30_000)
  })

  test.each([
    '0',
    '-5',
    'soon',
    '1.5',
    'Wed, 31 Dec 2025 23:59:00 GMT',
    'Thu, 01 Jan 2026 00:00:30 GMT-0100',
    '2026-01-01',
    'GMT',
  ])('is no delay when it is %j', (value) => {
    expect(delayOf(value)).toBeUndefined()
  })
})

describe('the parse or classify of an app', () => {
  test('finds the tokens, whatever the status', () => {
    const parse = ({ body }: RefreshReply) => ({ accessToken: (body as { jwt: string }).jwt })
    expect(tokens(200, { jwt: 'A' }, {}, { parse })).toEqual({ accessToken: 'A' })
    expect(tokens(419, { jwt: 'A' }, {}, { parse })).toEqual({ accessToken: 'A' })
    const found = { accessToken: 'A', refreshToken: 'R', expiresIn: 900 }
    expect(tokens(200, {}, {}, { parse: () => found })).toEqual(found)
  })

  test('that finds none leaves the rest to the classification', () => {
    expect(judge(401, { accessToken: 'A' }, {}, { parse: () => null }).kind).toBe('ended')
    expect(judge(200, { accessToken: 'A' }, {}, { parse: () => null }).kind).toBe('retry')
  })

  test('is not trusted: what cannot be a token is none', () => {
    expect(judge(200, {}, {}, { parse: () => ({ accessToken: 'two words' }) }).kind).toBe('retry')
    expect(judge(200, {}, {}, { parse: () => ({}) as never }).kind).toBe('retry')
  })

  test('that classifies says what a reply without a token means', () => {
    for (const verdict of ['ended', 'not-due', 'retry', 'misconfigured'] as const) {
      expect(judge(418, {}, {}, { classify: () => verdict }).kind).toBe(verdict)
    }
  })

  test('that throws never ends the session, and its words stay out of the error', () => {
    const quote = (): never => {
      throw new Error('unexpected secret-token')
    }
    for (const reading of [{ parse: quote }, { classify: quote }]) {
      const outcome = judge(401, { message: 'x' }, {}, reading) as { kind: string; error: AuthError }
      expect(outcome.kind).toBe('retry')
      expect(outcome.error.message).not.toContain('secret-token')
      expect(outcome.error.message).toMatch(/cannot use the tokens in the refresh reply: status 401/)
      expect(outcome.error.cause).toBeUndefined()
    }
  })
})

test('an error describes the reply by its fields and type, never by a value', () => {
  const bodies = [
    { token: 'secret-1', note: 'secret-2' },
    'secret-3',
    ['secret-4'],
    { accessToken: 'secret 5' },
  ]
  for (const status of [200, 400, 401, 503]) {
    for (const body of bodies) {
      const { error } = judge(status, body, { 'Content-Type': 'text/html; x=secret-6' }) as {
        error: AuthError
      }
      expect(`${error.message} ${error.cause} ${JSON.stringify(error)}`).not.toContain('secret')
    }
  }
  const { error } = judge(
    400,
    { token: 'a', note: 'b' },
    { 'Content-Type': 'application/json; charset=utf-8' },
  ) as {
    error: AuthError
  }
  expect(error.message).toContain('status 400, application/json, fields: token, note')
})

test('an error names the fields of nested objects by the paths that `tokensAt` takes', () => {
  const body = { ok: true, data: { jwt: 'a', next: { ticket: 'b' } }, user: {}, roles: ['c'] }
  const { error } = judge(200, body) as { error: AuthError }
  expect(error.message).toMatch(/fields: ok, data\.jwt, data\.next, user, roles\. See /)
})

test('an error names no field that may be a token or a text, and no more than twenty', () => {
  const messageOf = (body: unknown, type?: string): string =>
    (judge(400, body, type ? { 'Content-Type': type } : {}) as { error: AuthError }).error.message
  const odd = {
    'eyJh.eyJz.c2ln': 1,
    'two words': 1,
    ['x'.repeat(31)]: 1,
    '-a': 1,
    'a-': 1,
    _: 1,
    '': 1,
    jwt: 1,
  }
  expect(messageOf(odd)).toMatch(/fields: others, jwt\. See /)
  const kinds = ['access', 'refresh', 'id', 'old', 'new']
  const names = kinds.flatMap((kind) => ['Token', 'Type', 'Scope', 'Key', 'Code'].map((what) => kind + what))
  const many = Object.fromEntries(names.map((name) => [name, 1]))
  expect(messageOf(many).match(/Token|Type|Scope|Key|Code/g)).toHaveLength(20)
  expect(messageOf([1])).toMatch(/no JSON object\. See /)
  expect(messageOf({}, '"odd')).toContain('no content type')
})

test.each([
  'tokenOfAlice',
  '0d7b64f18a4e4c7f',
  'Xk3vQpLmNw',
  'abcdefghijklmnop',
  'refresh_1',
  `a${'-a'.repeat(9999)}!`,
])('an error does not name a field that may be a token: %s', (name) => {
  for (const body of [{ [name]: { user: 1 } }, { tokens: { [name]: 1 } }]) {
    const { error } = judge(400, body) as { error: AuthError }
    expect(error.message).toMatch(/fields: (tokens\.)?others\. See /)
  }
})

test.each(['access_token', 'refreshToken', 'JWT', 'expires-in', 'errorCode', 'Session_ID'])(
  'an error names a field as servers have it: %s',
  (name) => {
    const { error } = judge(400, { [name]: 1 }) as { error: AuthError }
    expect(error.message).toMatch(new RegExp(`fields: ${name}\\. See `))
  },
)

test('an end says what came, because a set-up that is wrong may look like one', () => {
  const { error } = judge(401, { msg: 'Missing Authorization Header' }) as { error: AuthError }
  expect(error).toMatchObject({ code: 'SESSION_EXPIRED', status: 401 })
  expect(error.message).toMatch(/refused the refresh token: status 401, no content type, fields: msg\. See /)
})

test('a parse may say in an AuthError of its own why the reply is no use: the session is kept', () => {
  const reason = new AuthError('REFRESH_REFUSED', 'mine')
  const parse = (): never => {
    throw reason
  }
  expect(judge(200, {}, {}, { parse })).toEqual({ kind: 'misconfigured', error: reason })
})
