import axios from 'axios'
import { HttpResponse } from 'msw'
import { afterEach, expect, test, vi } from 'vitest'
import type { Session } from '../../src/index.js'
import { jsonRefresh } from '../../src/servers.js'
import { authorizationOf, refreshUrl, useBackend } from '../support/backend.js'
import { guard, openSession } from '../support/guarded-api.js'
import { takeOver as takeOverAxiosJwt } from './code/take-over-axios-jwt.js'
import { takeOver as takeOverLocalStorage } from './code/take-over-local-storage.js'
import { takeOver as takeOverReduxPersist } from './code/take-over-redux-persist.js'

const backend = useBackend()
afterEach(() => {
  localStorage.clear()
  vi.unstubAllEnvs()
})

/** As the guide has it for a server that takes the refresh token alone, in JSON. */
const open = (): Session => openSession({ refresh: jsonRefresh({ url: refreshUrl }) })

const tokens = (nth: number) => ({ accessToken: `access-${nth}`, refreshToken: `refresh-${nth}` })

test('the endpoint of the guide reads the sign-in reply, sends the refresh token alone, and reads the next', async () => {
  const session = open()
  const api = guard(session)
  backend.answer = () => HttpResponse.json(tokens(1))
  await session.setTokens(await axios.post('http://app.test/auth/sign-in', {}))
  expect(await session.getAccessToken()).toBe('access-1')

  backend.answer = (call) =>
    new Response(null, { status: authorizationOf(call) === 'Bearer access-2' ? 200 : 401 })
  backend.renew = () => HttpResponse.json(tokens(2))
  expect((await api.get('/me')).status).toBe(200)
  expect(backend.refreshes.map(({ text }) => JSON.parse(text))).toEqual([{ refreshToken: 'refresh-1' }])
  expect(backend.refreshes.map(authorizationOf)).toEqual([null])
})

test('who was signed in by axios-jwt stays so, and its record goes', async () => {
  vi.stubEnv('NODE_ENV', 'production')
  const { applyAuthTokenInterceptor, setAuthTokens } = await import('axios-jwt')
  applyAuthTokenInterceptor(axios.create(), { requestRefresh: async () => 'access-2' })
  await setAuthTokens(tokens(1))
  expect(localStorage.length).toBe(1)
  const session = open()
  await takeOverAxiosJwt(session)
  expect(await session.getAccessToken()).toBe('access-1')
  expect(localStorage.length).toBe(0)
})

test.each([
  ['with', 'refresh-1'],
  ['without', undefined],
])('who was signed in by the copied queue stays so, %s a refresh token', async (_, refreshToken) => {
  localStorage.setItem('token', 'access-1')
  if (refreshToken) localStorage.setItem('refresh', refreshToken)
  const session = open()
  await takeOverLocalStorage(session)
  expect(await session.getAccessToken()).toBe('access-1')
  expect(localStorage.length).toBe(0)
})

const persisted = (auth: unknown): string =>
  JSON.stringify({ auth: JSON.stringify(auth), cart: '[1]', _persist: '{"version":-1}' })

test('who was signed in by a slice of redux-persist stays so, and the other slices stay', async () => {
  localStorage.setItem('persist:root', persisted(tokens(1)))
  const session = open()
  await takeOverReduxPersist(session)
  expect(await session.getAccessToken()).toBe('access-1')
  const left = JSON.parse(localStorage.getItem('persist:root') ?? '')
  expect(left).toEqual({ cart: '[1]', _persist: '{"version":-1}' })
  await takeOverReduxPersist(session)
})

test.each([takeOverAxiosJwt, takeOverLocalStorage, takeOverReduxPersist])(
  'what was left behind earlier does not push out who is signed in now',
  async (takeOver) => {
    localStorage.setItem('token', 'access-1')
    localStorage.setItem('auth-tokens-production', JSON.stringify(tokens(1)))
    localStorage.setItem('persist:root', persisted(tokens(1)))
    const session = open()
    await session.setTokens(tokens(2))
    await takeOver(session)
    expect(await session.getAccessToken()).toBe('access-2')
  },
)
