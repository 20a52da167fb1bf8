import type { AxiosError } from 'axios'
import { HttpResponse } from 'msw'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { authorizationOf, useBackend } from '../support/backend.js'
import { signIn } from '../support/guarded-api.js'

const backend = useBackend()
beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => vi.useRealTimers())

const statusOf = (call: Promise<{ status: number }>): Promise<number | undefined> =>
  call.then(
    ({ status }) => status,
    (error: AxiosError) => error.response?.status,
  )

const pass = (ms: number): void => void vi.setSystemTime(Date.now() + ms)

/** `/broken` refuses whatever it is given; the rest of the API goes by the token. */
function breakRoute(): void {
  const { answer } = backend
  backend.answer = (call) =>
    call.url.pathname.startsWith('/api/broken') ? new Response(null, { status: 401 }) : answer(call)
}

describe('a fresh token that is refused', () => {
  test('ten times in a row causes at most two refreshes', async () => {
    const { api } = await signIn()
    breakRoute()
    for (let call = 0; call < 10; call++) expect(await statusOf(api.get('/broken'))).toBe(401)
    expect(backend.refreshes.length).toBeLessThanOrEqual(2)
  })

  test('ten times in a row, after one that was known to have expired, causes at most two refreshes', async () => {
    const { api } = await signIn({}, { expiresIn: 15 })
    pass(15_000)
    breakRoute()
    for (let call = 0; call < 10; call++) expect(await statusOf(api.get('/broken'))).toBe(401)
    expect(backend.refreshes.length).toBeLessThanOrEqual(2)
  })

  test('every five seconds for most of a minute causes at most two refreshes', async () => {
    const { api } = await signIn()
    breakRoute()
    for (let call = 0; call < 11; call++, pass(5000)) await statusOf(api.get('/broken'))
    expect(backend.refreshes.length).toBeLessThanOrEqual(2)
  })

  test('for ten records of one kind causes at most two refreshes', async () => {
    const { api } = await signIn()
    breakRoute()
    for (let id = 0; id < 10; id++) await statusOf(api.get(`/broken/${id}?page=${id}`))
    expect(backend.refreshes.length).toBeLessThanOrEqual(2)
  })

  test('ten times at once causes at most two refreshes', async () => {
    const { api } = await signIn()
    breakRoute()
    await Promise.all(Array.from({ length: 10 }, () => statusOf(api.get('/broken'))))
    expect(backend.refreshes.length).toBeLessThanOrEqual(2)
  })

  test('is sent twice for the first call, then once for each', async () => {
    const { api } = await signIn()
    breakRoute()
    await statusOf(api.get('/broken'))
    await statusOf(api.get('/broken'))
    expect(backend.calls.map(authorizationOf)).toEqual([
      'Bearer access-1',
      'Bearer access-2',
      'Bearer access-2',
    ])
  })

  test('does not end the session', async () => {
    const { session, api } = await signIn()
    breakRoute()
    await statusOf(api.get('/broken'))
    expect(session.state.status).toBe('signed-in')
  })

  test('on one route leaves the others curable', async () => {
    const { api } = await signIn()
    breakRoute()
    await statusOf(api.get('/broken'))
    await api.get('/me')
    backend.accepted.clear()
    expect(await statusOf(api.get('/me'))).toBe(200)
    expect(backend.refreshes).toHaveLength(2)
  })

  test('on every route costs one refresh, not one per route (a proxy takes the header off)', async () => {
    const { session, api } = await signIn()
    backend.answer = () => new Response(null, { status: 401 })
    for (let route = 0; route < 20; route++) {
      expect(await statusOf(api.get(`/route-${'abcdefghijklmnopqrst'[route]}`))).toBe(401)
    }
    expect(backend.refreshes).toHaveLength(1)
    expect(session.state.status).toBe('signed-in')
  })

  test('is cured on another route as soon as any route has accepted it', async () => {
    const { api } = await signIn()
    breakRoute()
    await statusOf(api.get('/broken'))
    await api.get('/other')
    backend.accepted.clear()
    expect(await statusOf(api.get('/me'))).toBe(200)
  })

  test('on every route is tried anew after a minute', async () => {
    const { api } = await signIn()
    const { answer } = backend
    backend.answer = () => new Response(null, { status: 401 })
    await statusOf(api.get('/one'))
    backend.answer = answer
    backend.accepted.clear()
    expect(await statusOf(api.get('/two'))).toBe(401)
    pass(60_000)
    expect(await statusOf(api.get('/two'))).toBe(200)
  })

  test('on a route that accepts again is forgotten', async () => {
    const { api } = await signIn()
    const { answer } = backend
    breakRoute()
    await statusOf(api.get('/broken'))
    backend.answer = answer
    expect(await statusOf(api.get('/broken'))).toBe(200)
    backend.accepted.clear()
    expect(await statusOf(api.get('/broken'))).toBe(200)
  })

  test('is a matter of its method: a GET that is refused leaves the POST curable', async () => {
    const { api } = await signIn()
    breakRoute()
    await statusOf(api.get('/broken'))
    await api.get('/me')
    const before = backend.refreshes.length
    await statusOf(api.post('/broken'))
    expect(backend.refreshes).toHaveLength(before + 1)
  })

  test('is tried anew after a minute', async () => {
    const { api } = await signIn()
    const { answer } = backend
    breakRoute()
    await statusOf(api.get('/broken'))
    backend.answer = answer
    backend.accepted.clear()
    pass(60_000)
    expect(await statusOf(api.get('/broken'))).toBe(200)
  })
})

test('a refusal that a refresh cures is cured every time, even one second after the last', async () => {
  const { api } = await signIn()
  for (let round = 1; round <= 10; round++, pass(1000)) {
    backend.accepted.clear()
    expect(await statusOf(api.get('/me'))).toBe(200)
    expect(backend.refreshes).toHaveLength(round)
  }
})

describe('what is no expiry is the business of the caller', () => {
  const replies: [name: string, reply: () => Response][] = [
    ['403', () => new Response(null, { status: 403 })],
    ['404', () => new Response(null, { status: 404 })],
    ['500', () => new Response(null, { status: 500 })],
    ['a network error', () => HttpResponse.error()],
    [
      '401 that asks for more scope',
      () =>
        new Response(null, {
          status: 401,
          headers: { 'WWW-Authenticate': 'Bearer error="insufficient_scope", scope="admin"' },
        }),
    ],
    [
      '401 that calls the request invalid',
      () =>
        new Response(null, {
          status: 401,
          headers: { 'WWW-Authenticate': 'Bearer error="invalid_request"' },
        }),
    ],
  ]

  test.each(replies)('%s', async (_, reply) => {
    const { session, api } = await signIn()
    backend.answer = reply
    const error = await api.get('/me').catch((error) => error)
    expect(error.isAxiosError).toBe(true)
    expect(error.cause?.name).not.toBe('AuthError')
    expect(backend.calls).toHaveLength(1)
    expect(backend.refreshes).toHaveLength(0)
    expect(session.state.status).toBe('signed-in')
  })
})

test.each(['Bearer', 'Bearer error="invalid_token"', 'Basic realm="x"'])(
  'a 401 with the challenge %s is an expiry',
  async (challenge) => {
    const { api } = await signIn()
    const { answer } = backend
    backend.answer = (call) =>
      authorizationOf(call) === 'Bearer access-1'
        ? new Response(null, { status: 401, headers: { 'WWW-Authenticate': challenge } })
        : answer(call)
    expect(await statusOf(api.get('/me'))).toBe(200)
    expect(backend.refreshes).toHaveLength(1)
  },
)

describe('the option isExpired', () => {
  test('decides by status, header and parsed body', async () => {
    const seen: unknown[] = []
    const { api } = await signIn({
      isExpired({ status, header, body }) {
        seen.push([status, header('X-Reason'), header('x-absent'), body])
        return (body as { code?: string }).code === 'TOKEN_EXPIRED'
      },
    })
    const { answer } = backend
    backend.answer = (call) =>
      authorizationOf(call) === 'Bearer access-1'
        ? HttpResponse.json({ code: 'TOKEN_EXPIRED' }, { status: 419, headers: { 'X-Reason': 'late' } })
        : answer(call)
    expect(await statusOf(api.get('/me'))).toBe(200)
    expect(seen).toEqual([
      [419, 'late', null, { code: 'TOKEN_EXPIRED' }],
      [200, null, null, { path: '/api/me' }],
    ])
    expect(backend.refreshes).toHaveLength(1)
  })

  test('takes the place of the 401', async () => {
    const { api } = await signIn({ isExpired: () => false })
    backend.accepted.clear()
    expect(await statusOf(api.get('/me'))).toBe(401)
    expect(backend.refreshes).toHaveLength(0)
  })

  test('that throws is told, and the reply goes to the caller', async () => {
    const { session, api } = await signIn({
      isExpired() {
        throw new Error('a bug of the app')
      },
    })
    const warnings: unknown[] = []
    session.on((event) => event.type === 'warning' && warnings.push(event.code))
    backend.accepted.clear()
    expect(await statusOf(api.get('/me'))).toBe(401)
    expect(warnings).toEqual(['IS_EXPIRED_THREW'])
    expect(backend.refreshes).toHaveLength(0)
  })
})
