import axios, { AxiosError } from 'axios'
import { afterEach, describe, expect, test } from 'vitest'
import { json } from '../servers/support/claims.js'
import { authorizationOf, useBackend } from '../support/backend.js'
import { openSession } from '../support/guarded-api.js'
import { guardGlobalAxios } from './code/global-axios.js'
import { createHttp } from './code/unwrapped.js'

const backend = useBackend()
const tokens = { accessToken: 'access-1', refreshToken: 'refresh-1' }

describe('the global axios', () => {
  const { baseURL } = axios.defaults
  afterEach(() => {
    if (baseURL === undefined) delete axios.defaults.baseURL
    else axios.defaults.baseURL = baseURL
  })

  test('is signed in for every module that imports it, and refreshes', async () => {
    const session = openSession()
    guardGlobalAxios(session, 'http://app.test/api')
    await session.setTokens(tokens)
    backend.accepted.clear()
    expect((await axios.get('/me')).data).toEqual({ path: '/api/me' })
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1', 'Bearer access-2'])
  })

  test('gives no token to an origin of others, and instances that are made of it are not signed in', async () => {
    const session = openSession()
    guardGlobalAxios(session, 'http://app.test/api')
    await session.setTokens(tokens)
    await axios.get('https://others.example.com/').catch(() => {})
    await axios
      .create()
      .get('/me')
      .catch(() => {})
    expect(backend.calls.map(authorizationOf)).toEqual([null, null])
  })
})

describe('a wrapper that resolves with what is in the envelope', () => {
  test('takes the sign-in as it comes out of it', async () => {
    const session = openSession()
    const http = createHttp(session, 'http://app.test/api')
    backend.answer = () => json({ code: 200, message: 'ok', data: tokens })
    await session.setTokens(await http.post<typeof tokens>('/login', {}))
    expect(await session.getAccessToken()).toBe('access-1')
  })

  test('sees the reply to the second sending alone', async () => {
    const session = openSession()
    const http = createHttp(session, 'http://app.test/api')
    await session.setTokens(tokens)
    backend.answer = (call) =>
      authorizationOf(call) === 'Bearer access-2'
        ? json({ code: 200, message: 'ok', data: { name: 'Ada' } })
        : json({ code: 401, message: 'expired' }, 401)
    expect(await http.get('/me')).toEqual({ name: 'Ada' })
    expect(backend.refreshes).toHaveLength(1)
  })

  test('hands on what the API says, and what the session says', async () => {
    const session = openSession()
    const http = createHttp(session, 'http://app.test/api')
    await session.setTokens(tokens)
    backend.answer = () => json({ code: 500, message: 'No such article', data: null })
    await expect(http.get('/me')).rejects.toThrow('No such article')
    backend.answer = () => json({}, 401)
    backend.renew = () => json({}, 401)
    const error = await http.get('/me').catch((error: unknown) => error)
    expect(error).toBeInstanceOf(AxiosError)
    expect(error).toMatchObject({ cause: { code: 'SESSION_EXPIRED' } })
  })
})
