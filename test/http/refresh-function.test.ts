// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { AuthError } from '../../src/core/errors.js'
import type { RefreshOutcome } from '../../src/core/refresh-outcome.js'
import type { StoredTokens } from '../../src/core/tokens.js'
import { createFunctionCall, type RefreshFunction } from '../../src/http/refresh-function.js'
import { deferred } from '../support/deferred.js'
import { whilePolluted } from '../support/polluted.js'

const now = (): number => Date.parse('2026-01-01T00:00:00Z')
const { signal } = new AbortController()
const stored: StoredTokens = {
  version: 1,
  session: 's',
  generation: 3,
  accessToken: 'access-1',
  refreshToken: 'refresh-1',
  receivedAt: 1,
  expiresAt: null,
}

const refreshWith = (refresh: unknown, tokens: StoredTokens = stored): Promise<RefreshOutcome> =>
  createFunctionCall(refresh as RefreshFunction, now).callRefresh(tokens, signal)

const rejecting = (reason: unknown): Promise<RefreshOutcome> => refreshWith(() => Promise.reject(reason))

test('the function is given the tokens alone, and the signal', async () => {
  let given: unknown
  await refreshWith((context: unknown) => {
    given = context
    return Promise.resolve({ accessToken: 'access-2' })
  })
  expect(given).toEqual({ tokens: { accessToken: 'access-1', refreshToken: 'refresh-1' }, signal })
})

test('the function is given no refresh token where there is none', async () => {
  const { refreshToken: _, ...withoutRefreshToken } = stored
  let given: { tokens: object } | undefined
  await refreshWith((context: { tokens: object }) => {
    given = context
    return Promise.resolve({ accessToken: 'access-2' })
  }, withoutRefreshToken)
  expect(given?.tokens).toStrictEqual({ accessToken: 'access-1' })
})

describe('what it resolves with is read', () => {
  test.each([
    ['as a token set', { accessToken: 'A', refreshToken: 'R', expiresIn: 60 }],
    ['as the body of a reply', { access_token: 'A', refresh_token: 'R', expires_in: 60 }],
    ['as a body with data', { data: { accessToken: 'A', refreshToken: 'R', expiresIn: '60' } }],
  ])('%s', async (_, result) => {
    expect(await refreshWith(() => Promise.resolve(result))).toEqual({
      kind: 'refreshed',
      tokens: { accessToken: 'A', refreshToken: 'R', expiresIn: 60 },
    })
  })

  test('as a whole axios response', async () => {
    const response = { status: 200, data: { accessToken: 'A' }, headers: {}, config: {} }
    expect(await refreshWith(() => Promise.resolve(response))).toMatchObject({
      kind: 'refreshed',
      tokens: { accessToken: 'A' },
    })
  })

  test('although it is not a promise', async () => {
    expect(await refreshWith(() => ({ accessToken: 'A' }))).toMatchObject({ kind: 'refreshed' })
  })

  test.each([undefined, null, '', 'A', {}, { accessToken: '' }, { accessToken: 'two words' }])(
    'as no token when it is %j, and the session is kept',
    async (result) => {
      expect(await refreshWith(() => Promise.resolve(result))).toMatchObject({
        kind: 'retry',
        error: { code: 'REFRESH_FAILED' },
      })
    },
  )
})

describe('what it rejects with is read', () => {
  const withReply = (status: number, data?: unknown, headers?: unknown): Promise<RefreshOutcome> =>
    rejecting(Object.assign(new Error('failed'), { response: { status, data, headers } }))

  test.each<[status: number, data: unknown, kind: string]>([
    [401, undefined, 'ended'],
    [403, { message: 'revoked' }, 'ended'],
    [400, { error: 'invalid_grant' }, 'ended'],
    [400, '{"error":"invalid_grant"}', 'ended'],
    [400, { message: 'not expired' }, 'not-due'],
    [404, undefined, 'misconfigured'],
    [503, undefined, 'retry'],
    [429, '<html>', 'retry'],
  ])('by its reply: %d with %j is %s', async (status, data, kind) => {
    expect((await withReply(status, data)).kind).toBe(kind)
  })

  test('by its reply where that is one of fetch, as in the errors of ky', async () => {
    class HTTPError extends Error {
      readonly response = new Response(null, { status: 401 })
    }
    expect((await rejecting(new HTTPError('failed'))).kind).toBe('ended')
  })

  test('without a reply that a polluted prototype lends it', async () => {
    const outcome = await whilePolluted({ response: { status: 401 } }, () => rejecting(new Error('offline')))
    expect(outcome).toMatchObject({ kind: 'retry', isUnknown: true })
    const status = await whilePolluted({ status: 401 }, () => rejecting({ response: {} }))
    expect(status).toMatchObject({ kind: 'retry', isUnknown: true })
  })

  test('by its reply, whose error is not handed on where it quotes a token', async () => {
    const { error } = (await withReply(400, { error: 'revoked:refresh-1' })) as { error: AuthError }
    expect(error).toMatchObject({ code: 'REFRESH_REFUSED', oauthError: undefined })
  })

  test('as trouble that passes, without its fields, when it is the AuthError of another library', async () => {
    class AuthError extends Error {
      override readonly name = 'AuthError'
      readonly code = 'SESSION_EXPIRED'
      readonly request = 'refresh-1'
    }
    const outcome = (await rejecting(new AuthError('refresh-1'))) as { error: Error }
    expect(outcome).toMatchObject({ kind: 'retry', isUnknown: true, error: { code: 'REFRESH_FAILED' } })
    expect(`${outcome.error.message} ${JSON.stringify(outcome.error)}`).not.toContain('refresh-1')
  })

  test('with the Retry-After of the reply', async () => {
    const headers = new Headers({ 'Retry-After': '5' })
    expect(await withReply(503, undefined, headers)).toMatchObject({ retryAfterMs: 5000 })
    expect(await withReply(503, undefined, {})).toMatchObject({ kind: 'retry' })
  })

  test('and never as a success', async () => {
    expect((await withReply(200, { accessToken: 'A' })).kind).toBe('retry')
    expect((await withReply(401, { accessToken: 'A' })).kind).toBe('ended')
  })

  test('as the end of the session when it is an AuthError that says so', async () => {
    const error = new AuthError('SESSION_EXPIRED', 'gone')
    expect(await rejecting(error)).toEqual({ kind: 'ended', error })
  })

  test('as a mistake in the set-up when it is an AuthError that says so', async () => {
    const error = new AuthError('REFRESH_REFUSED', 'wrong')
    expect(await rejecting(error)).toEqual({ kind: 'misconfigured', error })
  })

  test('as trouble that passes when it is any other AuthError', async () => {
    const error = new AuthError('REFRESH_FAILED', 'busy')
    expect(await rejecting(error)).toMatchObject({ kind: 'retry', error, isUnknown: true })
  })

  test.each([new Error('offline'), 'offline', 7, null, undefined, {}, { response: null }, { response: {} }])(
    'as trouble that passes when it is %s, whose outcome is unknown',
    async (reason) => {
      expect(await rejecting(reason)).toMatchObject({
        kind: 'retry',
        isUnknown: true,
        error: { code: 'REFRESH_FAILED', retryable: true },
      })
    },
  )

  test('without its words, because what an HTTP client throws holds the tokens', async () => {
    const reason = Object.assign(new Error('POST with refresh-1 failed'), { config: { data: 'refresh-1' } })
    const { error } = (await rejecting(reason)) as { error: AuthError }
    expect(`${error.message} ${error.cause} ${JSON.stringify(error)}`).not.toContain('refresh-1')
    expect(error.message).toMatch(/rejected: Error\. See /)
  })

  test('although it throws at once', async () => {
    const refresh = (): never => {
      throw new Error('a bug of the app')
    }
    expect(await refreshWith(refresh)).toMatchObject({ kind: 'retry' })
  })
})

describe('a call is known to be its own', () => {
  test('while its first, synchronous part runs, and not later without the signal', async () => {
    const seen: boolean[] = []
    const { callRefresh, isOwnCall } = createFunctionCall(async () => {
      seen.push(isOwnCall(undefined))
      await Promise.resolve()
      seen.push(isOwnCall(undefined))
      return { accessToken: 'A' }
    }, now)
    seen.push(isOwnCall(undefined))
    await callRefresh(stored, signal)
    seen.push(isOwnCall(undefined))
    expect(seen).toEqual([false, true, false, false])
  })

  test('by the signal it was given, whenever that comes', async () => {
    const reply = deferred<void>()
    const { callRefresh, isOwnCall } = createFunctionCall(async () => {
      await reply.promise
      return { accessToken: 'A' }
    }, now)
    const refresh = callRefresh(stored, signal)
    expect(isOwnCall(signal)).toBe(true)
    expect(isOwnCall(new AbortController().signal)).toBe(false)
    expect(isOwnCall(undefined)).toBe(false)
    reply.resolve()
    await refresh
  })

  test('no longer, when it has thrown at once', async () => {
    const { callRefresh, isOwnCall } = createFunctionCall(() => {
      throw new Error('a bug of the app')
    }, now)
    await callRefresh(stored, signal)
    expect(isOwnCall(undefined)).toBe(false)
  })
})
