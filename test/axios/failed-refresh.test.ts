import { type AxiosError, isAxiosError } from 'axios'
import { HttpResponse } from 'msw'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type AuthError, isAuthError, type Session } from '../../src/index.js'
import { type Responder, useBackend } from '../support/backend.js'
import { elapse } from '../support/elapse.js'
import { signIn } from '../support/guarded-api.js'
import { holding } from '../support/holding.js'

const backend = useBackend()
beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** What the caller of axios is given when the call fails. */
async function failureOf(call: Promise<unknown>): Promise<AxiosError & { cause: AuthError }> {
  const error = await elapse(
    call.then(
      () => Promise.reject(new Error('the call succeeded')),
      (error) => error,
    ),
  )
  expect(isAxiosError(error)).toBe(true)
  expect(isAuthError(error.cause)).toBe(true)
  return error
}

const signedIn = (session: Session): boolean => session.state.status === 'signed-in'

const troubles: [name: string, renew: Responder, attempts: number, status: number | undefined][] = [
  ['503', () => new Response(null, { status: 503 }), 3, 503],
  ['429', () => new Response(null, { status: 429 }), 3, 429],
  ['200 with HTML', () => HttpResponse.html('<h1>Sign in to the wifi</h1>'), 1, 200],
  ['200 without a body', () => new Response(null, { status: 200 }), 1, 200],
  ['200 with JSON that holds no token', () => HttpResponse.json({ ok: true }), 1, 200],
  ['200 with malformed JSON', () => new HttpResponse('{"accessToken":', { status: 200 }), 1, 200],
  ['403 with HTML', () => HttpResponse.html('<h1>Blocked</h1>', { status: 403 }), 3, 403],
  ['no reply', () => HttpResponse.error(), 2, undefined],
]

describe.each(troubles)('a refresh that is answered with %s', (_, renew, attempts, status) => {
  test('keeps the session, and hands the caller the 401 of the API with REFRESH_FAILED as its cause', async () => {
    const { session, api } = await signIn()
    backend.accepted.clear()
    backend.renew = renew
    const error = await failureOf(api.get('/me'))
    expect(error.response?.status).toBe(401)
    expect(error.cause).toMatchObject({ code: 'REFRESH_FAILED', retryable: true })
    expect(error.cause.status).toBe(status)
    expect(signedIn(session)).toBe(true)
    expect(backend.calls).toHaveLength(1)
    expect(backend.refreshes).toHaveLength(attempts)
  })

  test('fails a call that was held with an AxiosError that says so', async () => {
    const { session, api } = await signIn({}, { expiresIn: 15 })
    vi.setSystemTime(Date.now() + 15_000)
    backend.renew = renew
    const error = await failureOf(api.get('/me'))
    expect(error.code).toBe(status === undefined ? 'ERR_NETWORK' : 'REFRESH_FAILED')
    expect(error.response).toBeUndefined()
    expect(error.cause.code).toBe('REFRESH_FAILED')
    expect(signedIn(session)).toBe(true)
    expect(backend.calls).toHaveLength(0)
  })

  test('is forgotten when the auth server is well again', async () => {
    const { api } = await signIn()
    backend.accepted.clear()
    const wellRenew = backend.renew
    backend.renew = renew
    await failureOf(api.get('/me'))
    backend.renew = wellRenew
    expect((await elapse(api.get('/me'))).status).toBe(200)
  })
})

describe('a refresh that is refused', () => {
  const refusals: [name: string, renew: Responder][] = [
    ['401', () => new Response(null, { status: 401 })],
    ['403 with JSON', () => HttpResponse.json({ message: 'revoked' }, { status: 403 })],
    ['400 with invalid_grant', () => HttpResponse.json({ error: 'invalid_grant' }, { status: 400 })],
  ]

  test.each(refusals)(
    'by %s ends the session, and hands over the 401 with SESSION_EXPIRED',
    async (_, renew) => {
      const { session, api } = await signIn()
      const told: string[] = []
      session.on(({ type }) => told.push(type))
      backend.accepted.clear()
      backend.renew = renew
      const error = await failureOf(api.get('/me'))
      expect(error.response?.status).toBe(401)
      expect(error.cause).toMatchObject({ code: 'SESSION_EXPIRED', retryable: false })
      expect(session.state).toEqual({ status: 'signed-out', reason: 'expired' })
      expect(told.filter((type) => type === 'expired')).toHaveLength(1)
      expect(backend.calls).toHaveLength(1)
      expect(backend.refreshes).toHaveLength(1)
    },
  )

  test('fails fifty held calls alike, after one attempt', async () => {
    const { session, api } = await signIn({}, { expiresIn: 15 })
    vi.setSystemTime(Date.now() + 15_000)
    backend.renew = () => new Response(null, { status: 401 })
    const calls = Array.from({ length: 50 }, () => failureOf(api.get('/me')))
    const errors = await Promise.all(calls)
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['SESSION_EXPIRED']))
    expect(session.state).toEqual({ status: 'signed-out', reason: 'expired' })
    expect(backend.calls).toHaveLength(0)
    expect(backend.refreshes).toHaveLength(1)
  })

  test('is the reason that a 401 is given which comes only afterwards', async () => {
    const { api } = await signIn()
    backend.accepted.clear()
    const { answer } = backend
    const slow = holding(answer)
    backend.answer = slow.respond
    const late = failureOf(api.get('/slow'))
    await slow.arrived
    backend.answer = answer
    backend.renew = () => new Response(null, { status: 401 })
    await failureOf(api.get('/me'))
    slow.release()
    const error = await late
    expect(error.response?.status).toBe(401)
    expect(error.cause.code).toBe('SESSION_EXPIRED')
    expect(backend.refreshes).toHaveLength(1)
  })

  test('leaves later calls without a token, and their 401 is their own', async () => {
    const { api } = await signIn()
    backend.accepted.clear()
    backend.renew = () => new Response(null, { status: 401 })
    await failureOf(api.get('/me'))
    const error = await elapse(api.get('/me').catch((error) => error))
    expect(error.response.status).toBe(401)
    expect(error.cause).toBeUndefined()
    expect(backend.calls[1]?.headers.has('authorization')).toBe(false)
    expect(backend.refreshes).toHaveLength(1)
  })
})

describe('a refresh request that the server calls wrong', () => {
  const wrong: Responder = () => HttpResponse.json({ message: 'unknown client' }, { status: 400 })

  test('keeps the session, and hands over the 401 with REFRESH_REFUSED after one attempt', async () => {
    const { session, api } = await signIn()
    backend.accepted.clear()
    backend.renew = wrong
    const error = await failureOf(api.get('/me'))
    expect(error.response?.status).toBe(401)
    expect(error.cause).toMatchObject({ code: 'REFRESH_REFUSED', retryable: false, status: 400 })
    expect(signedIn(session)).toBe(true)
    expect(backend.refreshes).toHaveLength(1)
  })

  test('is not asked again with every call: a call a second for a minute asks fewer than ten times', async () => {
    const { api } = await signIn()
    backend.accepted.clear()
    backend.renew = wrong
    for (let call = 0; call < 60; call++) {
      await failureOf(api.get('/me'))
      await vi.advanceTimersByTimeAsync(950)
    }
    expect(backend.calls).toHaveLength(60)
    expect(backend.refreshes.length).toBeLessThan(10)
  })

  test('fails a held call with the code REFRESH_REFUSED', async () => {
    const { api } = await signIn({}, { expiresIn: 15 })
    vi.setSystemTime(Date.now() + 15_000)
    backend.renew = wrong
    expect((await failureOf(api.get('/me'))).code).toBe('REFRESH_REFUSED')
  })
})

describe('a refresh that hangs', () => {
  test('lets its callers go after refreshTimeoutMs, and keeps the session', async () => {
    const { session, api } = await signIn({ refreshTimeoutMs: 3000 })
    backend.accepted.clear()
    const refresh = holding(backend.renew)
    backend.renew = refresh.respond
    const call = failureOf(api.get('/me'))
    await vi.advanceTimersByTimeAsync(0)
    const startedAt = Date.now()
    const error = await call
    expect(Date.now() - startedAt).toBeLessThanOrEqual(3500)
    expect(error.response?.status).toBe(401)
    expect(error.cause).toMatchObject({ code: 'REFRESH_TIMEOUT', retryable: true })
    expect(signedIn(session)).toBe(true)
  })

  test('fails a held call with the code REFRESH_TIMEOUT', async () => {
    const { api } = await signIn({}, { expiresIn: 15 })
    vi.setSystemTime(Date.now() + 15_000)
    backend.renew = holding(backend.renew).respond
    const error = await failureOf(api.get('/me'))
    expect(error.code).toBe('REFRESH_TIMEOUT')
    expect(error.response).toBeUndefined()
  })

  test('and answers after its callers have gone still brings the next call its token', async () => {
    const { api } = await signIn()
    backend.accepted.clear()
    const refresh = holding(backend.renew)
    backend.renew = refresh.respond
    await failureOf(api.get('/me'))
    refresh.release()
    expect((await elapse(api.get('/me'))).status).toBe(200)
    expect(backend.refreshes).toHaveLength(1)
  })

  test('for good is given up, and the next call tries anew', async () => {
    const { api } = await signIn()
    backend.accepted.clear()
    const { renew } = backend
    backend.renew = holding(renew).respond
    await failureOf(api.get('/me'))
    await vi.advanceTimersByTimeAsync(60_000)
    backend.renew = renew
    expect((await elapse(api.get('/me'))).status).toBe(200)
    expect(backend.refreshes).toHaveLength(2)
  })
})

test('a refresh that fails for a while succeeds within the same call', async () => {
  const { api } = await signIn()
  backend.accepted.clear()
  const { renew } = backend
  backend.renew = (call) => {
    backend.renew = renew
    return new Response(`busy with ${call.method}`, { status: 503 })
  }
  expect((await elapse(api.get('/me'))).status).toBe(200)
  expect(backend.refreshes).toHaveLength(2)
})

test('fifty callers of a refresh that fails share its attempts', async () => {
  const { api } = await signIn()
  backend.accepted.clear()
  backend.renew = () => new Response(null, { status: 503 })
  await Promise.all(Array.from({ length: 50 }, () => failureOf(api.get('/me'))))
  expect(backend.refreshes).toHaveLength(3)
  expect(backend.calls).toHaveLength(50)
})

test('without a refresh token the 401 of the API is handed over, and nothing is asked for', async () => {
  const { session, api } = await signIn()
  await session.setTokens({ accessToken: 'access-1' })
  backend.accepted.clear()
  const error = await elapse(api.get('/me').catch((error) => error))
  expect(error.response.status).toBe(401)
  expect(signedIn(session)).toBe(true)
  expect(backend.refreshes).toHaveLength(0)
})

test('a server that says the token has not expired keeps its word: the 401 goes to the caller', async () => {
  const { session, api } = await signIn()
  backend.accepted.clear()
  backend.renew = () => HttpResponse.json({ message: 'Access token has not expired yet' }, { status: 400 })
  const error = await elapse(api.get('/me').catch((error) => error))
  expect(error.response.status).toBe(401)
  expect(signedIn(session)).toBe(true)
  expect(backend.refreshes).toHaveLength(1)
})

test('no failure shows a token: neither the error, nor its cause, nor its JSON, nor an event', async () => {
  for (const renew of [...troubles.map(([, renew]) => renew), () => new Response(null, { status: 401 })]) {
    const { session, api } = await signIn()
    const told: unknown[] = []
    session.on((event) => told.push(event))
    backend.accepted.clear()
    backend.renew = renew
    const error = await failureOf(api.get('/me'))
    const { config, response, cause, message, stack } = error
    const shown = [
      error.toJSON(),
      config,
      response?.config,
      { ...cause },
      cause.message,
      message,
      stack,
      told,
    ]
    expect(shown.map((part) => JSON.stringify(part)).join()).not.toMatch(/(access|refresh)-\d/)
  }
})
