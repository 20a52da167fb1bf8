import { HttpResponse } from 'msw'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { authErrorOf } from '../../src/fetch.js'
import { isAuthError, type Session } from '../../src/index.js'
import { type Backend, useBackend } from '../support/backend.js'
import { elapse } from '../support/elapse.js'
import { signIn } from '../support/guarded-fetch.js'
import { holding } from '../support/holding.js'

const backend = useBackend()
beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

type Trouble = (backend: Backend, session: Session) => void

const answered =
  (answer: () => Response): Trouble =>
  (backend) => {
    backend.renew = answer
  }
const status = (status: number): Trouble => answered(() => new Response(null, { status }))

const whileItRuns =
  (act: (session: Session) => void): Trouble =>
  (backend, session) => {
    const refresh = holding(backend.renew)
    backend.renew = refresh.respond
    refresh.arrived.then(() => act(session))
  }

/** `status` is that of the refresh endpoint's reply. */
const troubles: { name: string; code: string; status?: number; keeps: boolean; make: Trouble }[] = [
  {
    name: 'a refused refresh token',
    code: 'SESSION_EXPIRED',
    status: 401,
    keeps: false,
    make: status(401),
  },
  {
    name: 'an auth server in trouble',
    code: 'REFRESH_FAILED',
    status: 503,
    keeps: true,
    make: status(503),
  },
  {
    name: 'a portal that answers with HTML',
    code: 'REFRESH_FAILED',
    status: 200,
    keeps: true,
    make: answered(() => HttpResponse.html('<h1>Sign in to the wifi</h1>')),
  },
  {
    name: 'a lost reply',
    code: 'REFRESH_FAILED',
    keeps: true,
    make: answered(() => HttpResponse.error()),
  },
  {
    name: 'a page without a network',
    code: 'REFRESH_FAILED',
    keeps: true,
    make: () => void vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false),
  },
  { name: 'a refresh that hangs', code: 'REFRESH_TIMEOUT', keeps: true, make: whileItRuns(() => {}) },
  {
    name: 'an endpoint that is not there',
    code: 'REFRESH_REFUSED',
    status: 404,
    keeps: true,
    make: status(404),
  },
]

describe.each(troubles)('$name', ({ code, status, keeps, make }) => {
  async function open(tokens: { expiresIn?: number }) {
    const { session, get } = await signIn({}, tokens)
    vi.setSystemTime(Date.now() + 15_000)
    backend.accepted.clear()
    make(backend, session)
    return { session, get }
  }

  test('hands a refused call its own 401, and authErrorOf says why', async () => {
    const { session, get } = await open({})
    const response = await elapse(get('/me'))
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({ message: 'unauthorized' })
    const reason = authErrorOf(response)
    expect(reason).toMatchObject({ code })
    expect(reason?.status).toBe(status)
    expect(backend.calls).toHaveLength(1)
    expect(session.state.status).toBe(keeps ? 'signed-in' : 'signed-out')
  })

  test('fails a held call with the AuthError itself, and sends nothing', async () => {
    const { get } = await open({ expiresIn: 15 })
    const error = await elapse(get('/me').catch((error) => error))
    expect(isAuthError(error)).toBe(true)
    expect(error).toMatchObject({ code, retryable: code === 'REFRESH_FAILED' || code === 'REFRESH_TIMEOUT' })
    expect(error.status).toBe(status)
    expect(backend.calls).toHaveLength(0)
  })

  test.each([{ expiresIn: 15 }, {}])('shows no token (%o)', async (tokens) => {
    const { session, get } = await open(tokens)
    const told: unknown[] = []
    session.on((event) => told.push(event))
    const outcome = await elapse(get('/me').catch((error) => error))
    const error = outcome instanceof Response ? authErrorOf(outcome) : outcome
    const shown = [{ ...error }, error.message, error.stack, told, Object.keys(outcome)]
    expect(JSON.stringify(shown)).not.toMatch(/(access|refresh)-\d/)
  })
})

test('fifty callers of a refresh that fails share its attempts', async () => {
  const { get } = await signIn()
  backend.accepted.clear()
  backend.renew = () => new Response(null, { status: 503 })
  await elapse(Promise.all(Array.from({ length: 50 }, () => get('/me'))))
  expect(backend.refreshes).toHaveLength(3)
  expect(backend.calls).toHaveLength(50)
})

test('without a refresh token the 401 of the API is handed over, and nothing is asked for', async () => {
  const { session, get } = await signIn()
  await session.setTokens({ accessToken: 'access-1' })
  backend.accepted.clear()
  const response = await elapse(get('/me'))
  expect(response.status).toBe(401)
  expect(authErrorOf(response)).toBeUndefined()
  expect(session.state.status).toBe('signed-in')
  expect(backend.refreshes).toHaveLength(0)
})
