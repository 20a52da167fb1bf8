import axios, { AxiosError, type AxiosInstance } from 'axios'
import { HttpResponse } from 'msw'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { isAuthError, type Session } from '../../src/index.js'
import { type Backend, useBackend } from '../support/backend.js'
import { elapse } from '../support/elapse.js'
import { signIn } from '../support/guarded-api.js'
import { holding } from '../support/holding.js'

const backend = useBackend()
beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

type Trouble = (backend: Backend, session: Session) => void

const whileItRuns =
  (act: (session: Session) => void): Trouble =>
  (backend, session) => {
    const refresh = holding(backend.renew)
    backend.renew = refresh.respond
    refresh.arrived.then(() => act(session))
  }

interface Case {
  name: string
  /** Of the `AuthError`. */
  code: string
  /** Of the `AxiosError`, where the call never reached the API. */
  axiosCode: string
  /** Of the refresh endpoint's reply. */
  status?: number
  make: Trouble
}

const answered =
  (status: number): Trouble =>
  (backend) => {
    backend.renew = () => new Response(null, { status })
  }

const cases: Case[] = [
  {
    name: 'a refused refresh token',
    code: 'SESSION_EXPIRED',
    axiosCode: 'SESSION_EXPIRED',
    status: 401,
    make: answered(401),
  },
  {
    name: 'a sign-out',
    code: 'SESSION_CHANGED',
    axiosCode: 'ERR_CANCELED',
    make: whileItRuns((session) => session.signOut()),
  },
  {
    name: 'a disposal',
    code: 'DISPOSED',
    axiosCode: 'ERR_CANCELED',
    make: whileItRuns((session) => session.dispose()),
  },
  {
    name: 'an auth server in trouble',
    code: 'REFRESH_FAILED',
    axiosCode: 'REFRESH_FAILED',
    status: 503,
    make: answered(503),
  },
  {
    name: 'a lost reply',
    code: 'REFRESH_FAILED',
    axiosCode: 'ERR_NETWORK',
    make: (backend) => {
      backend.renew = () => HttpResponse.error()
    },
  },
  {
    name: 'a page without a network',
    code: 'REFRESH_FAILED',
    axiosCode: 'ERR_NETWORK',
    make: () => void vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false),
  },
  {
    name: 'a refresh that hangs',
    code: 'REFRESH_TIMEOUT',
    axiosCode: 'REFRESH_TIMEOUT',
    make: whileItRuns(() => {}),
  },
  {
    name: 'an endpoint that is not there',
    code: 'REFRESH_REFUSED',
    axiosCode: 'REFRESH_REFUSED',
    status: 404,
    make: answered(404),
  },
]

describe.each(cases)('$name:', ({ code, axiosCode, status, make }) => {
  async function failed(tokens: { expiresIn?: number }): Promise<{ error: AxiosError; api: AxiosInstance }> {
    const { session, api } = await signIn({}, tokens)
    vi.setSystemTime(Date.now() + 15_000)
    backend.accepted.clear()
    make(backend, session)
    const error = await elapse(
      api.get('/me').then(
        () => Promise.reject(new Error('the call succeeded')),
        (error) => error,
      ),
    )
    return { error, api }
  }

  test('a held call fails with an AxiosError that says so, whose cause is the AuthError', async () => {
    const { error } = await failed({ expiresIn: 15 })
    expect(error).toBeInstanceOf(AxiosError)
    expect(axios.isAxiosError(error)).toBe(true)
    expect(axios.isCancel(error)).toBe(axiosCode === 'ERR_CANCELED')
    expect(error.code).toBe(axiosCode)
    expect(error.response).toBeUndefined()
    expect(error.config?.url).toBe('/me')
    expect(isAuthError(error.cause)).toBe(true)
    expect(error.cause).toMatchObject({ code })
    expect((error.cause as { status?: number }).status).toBe(status)
    // Apps show it to their users, and compare it with that of axios.
    expect(error.message).toBe(axiosCode === 'ERR_NETWORK' ? 'Network Error' : error.cause?.message)
    expect(backend.calls).toHaveLength(0)
  })

  test('a refused call fails with its own 401, whose cause is the AuthError', async () => {
    const { error } = await failed({})
    expect(error).toBeInstanceOf(AxiosError)
    expect(error.code).toBe('ERR_BAD_REQUEST')
    expect(error.response?.status).toBe(401)
    expect(error.response?.data).toEqual({ message: 'unauthorized' })
    expect(error.cause).toMatchObject({ code })
    expect(backend.calls).toHaveLength(1)
  })

  test.each([{ expiresIn: 15 }, {}])('no error shows a token (%o)', async (tokens) => {
    const { error } = await failed(tokens)
    expect(error.config?.headers.has('Authorization')).toBe(false)
    const shown = [error.toJSON(), error.config, error.message, { ...error.cause }, String(error.cause)]
    expect(JSON.stringify(shown)).not.toMatch(/(access|refresh)-\d/)
  })
})

test('a call that resolves for every status gets its own 401 as a reply, not as an error', async () => {
  const { api } = await signIn()
  backend.accepted.clear()
  backend.renew = () => new Response(null, { status: 401 })
  const { status } = await elapse(api.get('/me', { validateStatus: null }))
  expect(status).toBe(401)
})
