import { HttpResponse } from 'msw'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { SessionEvent } from '../../src/index.js'
import { cookie } from '../../src/servers.js'
import { refreshUrl as url, useBackend } from '../support/backend.js'
import { guard, openSession } from '../support/guarded-api.js'
import { claimExchange, json, signInAt } from './support/claims.js'

const backend = useBackend()
afterEach(() => vi.restoreAllMocks())
const reply = (generation: number) => json({ accessToken: `access-${generation}` })

claimExchange('cookie', backend, {
  refresh: cookie({ url, silentStart: false }),
  signIn: () => reply(1),
  request: { headers: { 'x-requested-with': 'latchkey' } },
  renewal: () => reply(2),
  keeps: null,
  refusals: {
    'a 401': () => new HttpResponse(null, { status: 401 }),
    'a bare 403': () => HttpResponse.text('Forbidden', { status: 403 }),
  },
})

claimExchange(
  'cookie without X-Requested-With, at a server that answers 400 where there is no cookie',
  backend,
  {
    refresh: cookie({ url, silentStart: false, xRequestedWith: false }),
    signIn: () => json({ data: { access_token: 'access-1', expires: 900_000 } }),
    request: { headers: {} },
    renewal: () => json({ data: { access_token: 'access-2', expires: 900_000 } }),
    keeps: null,
    refusals: {
      'the 400 of Directus': () =>
        json(
          {
            errors: [
              {
                message: 'Invalid payload. The refresh token is required in either the payload or cookie.',
                extensions: { code: 'INVALID_PAYLOAD' },
              },
            ],
          },
          400,
        ),
      'the 400 of Strapi': () =>
        json(
          { data: null, error: { status: 400, name: 'BadRequestError', message: 'Missing refresh token' } },
          400,
        ),
    },
  },
)

test('the sign-out of cookie without X-Requested-With has none either', async () => {
  const { signOut } = cookie({ url, signOut: '/logout', xRequestedWith: false })
  backend.answer = () => new HttpResponse(null, { status: 204 })
  await signOut?.({ accessToken: 'access-1' })
  expect(backend.calls[0]?.headers.has('x-requested-with')).toBe(false)
})

claimExchange('cookie by another name', backend, {
  refresh: cookie({ url, silentStart: false, names: { accessToken: 'result.token' } }),
  signIn: () => json({ result: { token: 'access-1' } }),
  request: { headers: { 'x-requested-with': 'latchkey' } },
  renewal: () => json({ result: { token: 'access-2' } }),
  keeps: null,
  refusals: {},
})

test('cookie takes a page of HTML with a 403 for a firewall, and keeps the session', async () => {
  const { session } = await signInAt(
    { refresh: cookie({ url, silentStart: false }), signIn: () => reply(1) },
    backend,
  )
  backend.renew = () => HttpResponse.html('<h1>Blocked</h1>', { status: 403 })
  const refreshed = session.refresh().catch(({ code }) => code)
  expect(await refreshed).toBe('REFRESH_FAILED')
  expect(session.state).toMatchObject({ status: 'signed-in' })
}, 15_000)

describe('at the start', () => {
  test('cookie asks once, and a session that it still holds goes on', async () => {
    backend.renew = () => reply(1)
    const session = openSession({ refresh: cookie({ url }) })
    expect(session.state.status).toBe('loading')
    await session.ready
    expect(session.state.status).toBe('signed-in')
    expect(backend.refreshes).toHaveLength(1)
  })

  const warned = async (): Promise<SessionEvent[]> => {
    const session = openSession({ refresh: cookie({ url }) })
    const events: SessionEvent[] = []
    session.on((event) => events.push(event))
    await session.ready
    expect(session.state).toEqual({ status: 'signed-out', reason: 'none' })
    return events
  }

  test.each([401, 403])('cookie ends quietly as signed out after a %d', async (status) => {
    backend.renew = () => new HttpResponse(null, { status })
    expect(await warned()).toEqual([])
  })

  test.each<[string, () => Response, string]>([
    [
      'a set-up that is wrong',
      () => json({ title: 'top-secret' }, 404),
      'status 404, application/json, fields: title',
    ],
    ['a lost network', () => HttpResponse.error(), 'could not reach the refresh endpoint'],
  ])('cookie warns of %s, for else it would look as if nobody were signed in', async (_, reply, why) => {
    backend.renew = reply
    expect(await warned()).toEqual([
      expect.objectContaining({
        type: 'warning',
        code: 'SILENT_START_FAILED',
        message: expect.stringContaining(why),
      }),
    ])
  })
})

describe('the CSRF token', () => {
  const sent = async (from: string | (() => string | undefined)) => {
    const refresh = cookie({ url, silentStart: false, csrf: { header: 'X-CSRF-Token', from } })
    const { session } = await signInAt({ refresh, signIn: () => reply(1) }, backend)
    backend.renew = () => reply(2)
    await session.refresh()
    return backend.refreshes[0]?.headers.get('x-csrf-token')
  }

  test('comes from the cookie as it is at that moment', async () => {
    vi.spyOn(document, 'cookie', 'get').mockReturnValue('other=1; csrf=a%2Fb')
    expect(await sent('csrf')).toBe('a/b')
  })

  test('comes from a function', async () => {
    expect(await sent(() => 'from-memory')).toBe('from-memory')
  })

  test('is left out where there is none', async () => {
    expect(await sent('csrf')).toBeNull()
  })
})

test('cookies go along on the refresh and the sign-out, and on no request of the API', async () => {
  const spy = vi.spyOn(globalThis, 'fetch')
  const refresh = cookie({ url, silentStart: false, signOut: '/auth/logout', headers: { 'X-App': 'spa' } })
  const session = openSession({ refresh })
  backend.answer = () => reply(1)
  const api = guard(session, { adapter: 'fetch' })
  await session.setTokens(await api.post('/login'))
  backend.renew = () => reply(2)
  await session.refresh()
  await session.signOut()
  await expect.poll(() => backend.calls.length).toBe(2)
  const told = spy.mock.calls.filter(([target]) => /auth\//.test(String(target)))
  expect(told.map(([, init]) => init?.credentials)).toEqual(['include', 'include'])
  expect(backend.calls.at(-1)?.headers.get('x-app')).toBe('spa')
  expect(backend.calls.at(-1)?.headers.get('x-requested-with')).toBe('latchkey')
})

test.each([{ header: 'X-CSRF-Token' }, { header: 7, from: 'csrf' }, 'csrf'])('csrf takes no %j', (csrf) => {
  expect(() => cookie({ url, csrf: csrf as never })).toThrow(/cookie: csrf takes/)
})
