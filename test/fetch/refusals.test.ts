import { HttpResponse } from 'msw'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { authErrorOf } from '../../src/fetch.js'
import { authorizationOf, useBackend } from '../support/backend.js'
import { signIn } from '../support/guarded-fetch.js'

const backend = useBackend()
beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => vi.useRealTimers())

/** `/broken` refuses whatever it is given; the rest of the API goes by the token. */
function breakRoute(): void {
  const { answer } = backend
  backend.answer = (call) =>
    call.url.pathname.startsWith('/api/broken') ? new Response(null, { status: 401 }) : answer(call)
}

test('a route that refuses fresh tokens too causes at most two refreshes, however often it is polled', async () => {
  const { session, get } = await signIn()
  breakRoute()
  for (let call = 0; call < 10; call++) {
    expect((await get(`/broken/${call}?page=${call}`)).status).toBe(401)
    vi.setSystemTime(Date.now() + 5000)
  }
  expect(backend.refreshes.length).toBeLessThanOrEqual(2)
  expect(session.state.status).toBe('signed-in')
})

test('a route that refuses leaves the others, and its own other methods, curable', async () => {
  const { get } = await signIn()
  breakRoute()
  await get('/broken')
  await get('/me')
  backend.accepted.clear()
  expect((await get('/me')).status).toBe(200)
  const before = backend.refreshes.length
  await get('/broken', { method: 'post' })
  expect(backend.refreshes).toHaveLength(before + 1)
})

test('a refusal that a refresh cures is cured every time, even one second after the last', async () => {
  const { get } = await signIn()
  for (let round = 1; round <= 5; round++) {
    backend.accepted.clear()
    expect((await get('/me')).status).toBe(200)
    expect(backend.refreshes).toHaveLength(round)
    vi.setSystemTime(Date.now() + 1000)
  }
})

describe('what is no expiry is the business of the caller', () => {
  const challenge = (error: string) => ({ 'WWW-Authenticate': `Bearer error="${error}"` })
  const replies: [name: string, reply: () => Response][] = [
    ['403', () => new Response(null, { status: 403 })],
    ['500', () => new Response(null, { status: 500 })],
    [
      '401 that asks for more scope',
      () => new Response(null, { status: 401, headers: challenge('insufficient_scope') }),
    ],
    [
      '401 that calls the request invalid',
      () => new Response(null, { status: 401, headers: challenge('invalid_request') }),
    ],
  ]

  test.each(replies)('%s', async (_, reply) => {
    const { get } = await signIn()
    backend.answer = reply
    const response = await get('/me')
    expect(response.status).toBe(reply().status)
    expect(authErrorOf(response)).toBeUndefined()
    expect(backend.calls).toHaveLength(1)
    expect(backend.refreshes).toHaveLength(0)
  })

  test('a network error rejects as fetch does', async () => {
    const { get } = await signIn()
    backend.answer = () => HttpResponse.error()
    await expect(get('/me')).rejects.toBeInstanceOf(TypeError)
    expect(backend.calls).toHaveLength(1)
    expect(backend.refreshes).toHaveLength(0)
  })
})

test.each(['Bearer', 'Bearer error="invalid_token"', 'Basic realm="x"'])(
  'a 401 with the challenge %s is an expiry',
  async (challenge) => {
    const { get } = await signIn()
    const { answer } = backend
    backend.answer = (call) =>
      authorizationOf(call) === 'Bearer access-1'
        ? new Response(null, { status: 401, headers: { 'WWW-Authenticate': challenge } })
        : answer(call)
    expect((await get('/me')).status).toBe(200)
    expect(backend.refreshes).toHaveLength(1)
  },
)
