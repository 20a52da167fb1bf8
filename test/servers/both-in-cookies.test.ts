import type { InternalAxiosRequestConfig } from 'axios'
import { HttpResponse } from 'msw'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { withSession } from '../../src/fetch.js'
import type { Session, SessionEvent, StoredTokens, TokenStore } from '../../src/index.js'
import { cookie, jsonRefresh } from '../../src/servers.js'
import { refreshUrl as url, useBackend } from '../support/backend.js'
import { guard, openSession } from '../support/guarded-api.js'
import { json } from './support/claims.js'

const backend = useBackend()
afterEach(() => vi.restoreAllMocks())

type Options = Partial<Parameters<typeof cookie>[0]>
const inCookies = (options: Options = {}) =>
  cookie({ url, silentStart: false, signOut: '/auth/logout', accessToken: 'cookie', ...options })

/** A store whose record can be seen. */
function openStore(kept: StoredTokens | null = null): TokenStore & { kept: StoredTokens | null } {
  const store = {
    kept,
    read: () => store.kept,
    write(record: StoredTokens | null) {
      store.kept = record
    },
  }
  return store
}

async function signIn(options: Options = {}, store = openStore()): Promise<Session> {
  const session = openSession({ refresh: inCookies(options), store })
  await session.setTokens({ status: 200, headers: {}, data: { user: 'ada' } })
  return session
}

/** An adapter that takes note of what is sent; the first `refusals` are refused. */
function noting(refusals = 0) {
  const sent: InternalAxiosRequestConfig[] = []
  const adapter = async (config: InternalAxiosRequestConfig) => {
    sent.push(config)
    const status = sent.length > refusals ? 200 : 401
    return { status, statusText: '', headers: {}, config, data: '{}' }
  }
  return { sent, adapter }
}

describe('a sign-in whose reply has no token', () => {
  test('signs the user in, and hands out no token', async () => {
    const session = await signIn()
    expect(session.state).toMatchObject({ status: 'signed-in', claims: null, expiresAt: null })
    expect(await session.getAccessToken()).toBeNull()
    backend.renew = () => json({})
    expect(await session.refresh()).toBe('')
    expect(session.state.status).toBe('signed-in')
  })

  test.each([
    [{ status: 200, headers: {}, data: { accessToken: 'A', refreshToken: 'R' } }],
    [{ accessToken: 'A', refreshToken: 'R' }],
    [{ data: { accessToken: 'A', refreshToken: 'R' } }],
  ])('keeps none of a server that sends them all the same: %j', async (given) => {
    const store = openStore()
    const session = openSession({ refresh: inCookies(), store })
    await session.setTokens(given)
    expect(store.kept?.accessToken).toBe('cookie')
    expect(store.kept).not.toHaveProperty('refreshToken')
  })

  test.each([{ expiresIn: 60 }, { data: { expires_in: '60' } }])('may say how long: %j', async (data) => {
    const session = openSession({ refresh: inCookies() })
    const before = Date.now()
    await session.setTokens({ status: 200, headers: {}, data })
    const { expiresAt } = session.state as { expiresAt: number }
    expect(expiresAt).toBeGreaterThanOrEqual(before + 60_000)
  })

  test('that refuses signs nobody in', async () => {
    const session = openSession({ refresh: inCookies() })
    const given = { status: 401, headers: {}, data: {} }
    await expect(session.setTokens(given)).rejects.toMatchObject({ code: 'INVALID_TOKENS' })
  })
})

describe('a request', () => {
  test('of axios goes with cookies and without a token', async () => {
    const { sent, adapter } = noting()
    const api = guard(await signIn(), { adapter })
    await api.get('/me')
    await api.get('http://elsewhere.test/me')
    await api.get('/me', { latchkey: false })
    await api.get('/me', { withCredentials: false })
    expect(sent.map(({ withCredentials }) => withCredentials)).toEqual([true, undefined, undefined, false])
    expect(sent.some(({ headers }) => headers.has('Authorization'))).toBe(false)
  })

  test('of axios goes with cookies before the sign-in too, so that the browser keeps those of its reply', async () => {
    const { sent, adapter } = noting()
    await guard(openSession({ refresh: inCookies() }), { adapter }).post('/login')
    expect(sent[0]?.withCredentials).toBe(true)
  })

  test('of fetch goes with cookies and without a token', async () => {
    const sent: RequestInit[] = []
    const api = withSession(
      async (_, init) => {
        sent.push(init ?? {})
        return new Response()
      },
      await signIn(),
    )
    await api('/me')
    await api(new Request('http://app.test/me'))
    await api('/me', { credentials: 'omit' })
    await api(new Request('http://app.test/me', { credentials: 'omit' }))
    await api('http://elsewhere.test/me')
    expect(sent.map(({ credentials }) => credentials)).toEqual([
      'include',
      'include',
      'omit',
      undefined,
      undefined,
    ])
    expect(sent.some(({ headers }) => new Headers(headers).has('Authorization'))).toBe(false)
  })

  test('that is refused is sent again after one refresh, which has no token either', async () => {
    const { sent, adapter } = noting(1)
    const api = guard(await signIn(), { adapter })
    backend.renew = () => new HttpResponse(null, { status: 204 })
    expect((await api.get('/me')).status).toBe(200)
    expect(sent).toHaveLength(2)
    expect(backend.refreshes).toHaveLength(1)
    expect(backend.refreshes[0]?.headers.get('authorization')).toBeNull()
    expect(backend.refreshes[0]?.text).toBe('')
  })

  test('brings the CSRF token of that moment where it may change something', async () => {
    let token = 0
    const csrf = { header: 'X-CSRF-Token', from: () => `csrf-${++token}` }
    const { sent, adapter } = noting(1)
    const api = guard(await signIn({ csrf }), { adapter })
    backend.renew = () => json({})
    await api.post('/orders')
    await api.get('/orders')
    const [first, second, third] = sent.map(({ headers }) => headers.get('X-CSRF-Token'))
    const ofRefresh = backend.refreshes[0]?.headers.get('x-csrf-token')
    expect(new Set([first, ofRefresh, second]).size).toBe(3)
    expect([first, ofRefresh, second].join()).toMatch(/^csrf-\d,csrf-\d,csrf-\d$/)
    expect(third).toBeUndefined()
  })
})

test('a refresh that is answered by a page is no success: the session is kept as it was', async () => {
  const session = await signIn()
  backend.renew = () => HttpResponse.html('<h1>Sign in to the hotel network</h1>')
  await expect(session.refresh()).rejects.toMatchObject({ code: 'REFRESH_FAILED' })
  expect(session.state.status).toBe('signed-in')
})

test('a record that was made so is never sent as a token, whatever the app is set up for later', async () => {
  const store = openStore()
  await signIn({}, store)
  const { sent, adapter } = noting()
  const session = openSession({ refresh: jsonRefresh({ url: '/auth/next' }), store: openStore(store.kept) })
  await session.ready
  await guard(session, { adapter }).get('/me')
  expect(session.state.status).toBe('signed-in')
  expect(sent[0]?.headers.get('Authorization') ?? null).toBeNull()
  expect(await session.getAccessToken()).toBeNull()
})

test('a sign-out without a call that clears the cookies is told as one that the server has not heard of', async () => {
  const session = openSession({ refresh: cookie({ url, silentStart: false, accessToken: 'cookie' }) })
  await session.setTokens({ status: 200, headers: {} })
  const events: SessionEvent[] = []
  session.on((event) => events.push(event))
  await session.signOut()
  await expect.poll(() => events).toContainEqual(expect.objectContaining({ code: 'SIGN_OUT_NOT_TOLD' }))
})

test('accessToken takes nothing but cookie', () => {
  expect(() => cookie({ url, accessToken: 'header' as never })).toThrow("accessToken takes 'cookie'")
})
