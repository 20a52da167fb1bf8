import { HttpResponse } from 'msw'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { SessionEvent } from '../../src/index.js'
import {
  bearerRefresh,
  cookie,
  headerPair,
  jsonPair,
  jsonRefresh,
  oauth2,
  type SignOutEndpoint,
} from '../../src/servers.js'
import { type Call, refreshUrl as url, useBackend } from '../support/backend.js'
import { signIn } from '../support/guarded-api.js'
import { holding } from '../support/holding.js'
import { settled } from '../support/settled.js'

const backend = useBackend()
afterEach(() => vi.restoreAllMocks())

const tokens = { accessToken: 'access-1', refreshToken: 'refresh-1' }

/** The call that the `signOut` of an endpoint makes. */
async function callOf(signOut: string | URL | SignOutEndpoint): Promise<Call | undefined> {
  backend.answer = () => new HttpResponse(null, { status: 204 })
  await jsonRefresh({ url, signOut }).signOut?.(tokens)
  expect(backend.calls.length).toBeLessThanOrEqual(1)
  return backend.calls[0]
}

describe('the signOut that a protocol makes', () => {
  test('sends the request of a refresh to a URL, by POST', async () => {
    const call = await callOf('/auth/logout')
    expect(call?.method).toBe('POST')
    expect(call?.url.href).toBe('http://app.test/auth/logout')
    expect(call?.headers.get('content-type')).toBe('application/json')
    expect(call?.text).toBe('{"refreshToken":"refresh-1"}')
  })

  test('takes a URL object, as it is then', async () => {
    const signOut = new URL('http://app.test/auth/logout')
    const endpoint = jsonRefresh({ url, signOut })
    signOut.pathname = '/evil'
    backend.answer = () => new HttpResponse(null, { status: 204 })
    await endpoint.signOut?.(tokens)
    expect(backend.calls[0]?.url.pathname).toBe('/auth/logout')
  })

  test('sends what the app makes, with its method and query', async () => {
    const send: SignOutEndpoint['send'] = ({ accessToken }) => ({
      headers: { Authorization: `Bearer ${accessToken}` },
      query: { everywhere: 'yes' },
    })
    const call = await callOf({ url: '/auth/sessions?id=1', method: 'DELETE', send })
    expect(call?.method).toBe('DELETE')
    expect(call?.url.search).toBe('?id=1&everywhere=yes')
    expect(call?.headers.get('authorization')).toBe('Bearer access-1')
  })

  test('sends nothing where the app makes no request, or there is no refresh token', async () => {
    expect(await callOf({ url: '/auth/logout', send: () => null })).toBeUndefined()
    await jsonRefresh({ url, signOut: '/auth/logout' }).signOut?.({ accessToken: 'access-1' })
    expect(backend.calls).toHaveLength(0)
  })

  test('outlives the page, and follows no redirect', async () => {
    const spy = vi.spyOn(globalThis, 'fetch')
    await callOf('/auth/logout')
    expect(spy.mock.calls[0]?.[1]).toMatchObject({
      keepalive: true,
      redirect: 'error',
      credentials: 'same-origin',
      referrerPolicy: 'no-referrer',
    })
  })

  test('takes cookies along where the refresh does', async () => {
    const spy = vi.spyOn(globalThis, 'fetch')
    backend.answer = () => new HttpResponse(null, { status: 204 })
    await cookie({ url, silentStart: false, signOut: '/auth/logout' }).signOut?.({ accessToken: 'access-1' })
    expect(spy.mock.calls[0]?.[1]).toMatchObject({ credentials: 'include' })
  })

  test('refuses a Cookie header, and sends nothing', async () => {
    const send = () => ({ headers: { Cookie: 'id=1' } })
    const { signOut } = jsonRefresh({ url, signOut: { url: '/auth/logout', send } })
    await expect(signOut?.(tokens)).rejects.toThrow(TypeError)
    expect(backend.calls).toHaveLength(0)
  })
})

describe('a signOut by GET', () => {
  const get = { url: '/auth/logout', method: 'GET' } as const

  test.each<[string, (signOut: SignOutEndpoint) => unknown]>([
    ['jsonRefresh', (signOut) => jsonRefresh({ url, signOut })],
    ['jsonPair', (signOut) => jsonPair({ url, signOut })],
    ['oauth2', (signOut) => oauth2({ url, clientId: 'spa', signOut })],
  ])('cannot send the body of %s, which is said when that is made', (name, make) => {
    expect(() => make(get)).toThrow(TypeError)
    expect(() => make(get)).toThrow(`${name}: with method 'GET', signOut needs its own send`)
    for (const signOut of [{ ...get, method: 'POST' } as const, { ...get, send: () => ({}) }]) {
      expect(() => make(signOut)).not.toThrow()
    }
  })

  test.each<[string, (signOut: SignOutEndpoint) => unknown]>([
    ['headerPair', (signOut) => headerPair({ url, signOut })],
    ['bearerRefresh', (signOut) => bearerRefresh({ url, signOut })],
    ['cookie', (signOut) => cookie({ url, signOut })],
    [
      'cookie, whose token is not there yet',
      (signOut) =>
        cookie({
          url,
          signOut,
          csrf: {
            header: 'X-CSRF',
            from() {
              throw new Error('not yet')
            },
          },
        }),
    ],
  ])('is that of %s without its body', (_, make) => {
    expect(() => make(get)).not.toThrow()
  })
})

/** What the app gets to know of a sign-out, and whether it has waited for the server. */
async function signedOut(signOut: string | SignOutEndpoint): Promise<SessionEvent[]> {
  const { session } = await signIn({ refresh: headerPair({ url, signOut }) })
  const events: SessionEvent[] = []
  session.on((event) => events.push(event))
  await session.signOut()
  expect(session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
  return events
}

describe('a session', () => {
  test('calls signOut with the tokens that it had, and nobody waits for it', async () => {
    const hanging = holding(() => new HttpResponse(null, { status: 204 }))
    backend.answer = hanging.respond
    const events = await signedOut('/auth/logout')
    await hanging.arrived
    expect(backend.calls[0]?.headers.get('authorization')).toBe('Bearer access-1')
    expect(backend.calls[0]?.headers.get('refresh')).toBe('refresh-1')
    hanging.release()
    await settled()
    expect(events.map(({ type }) => type)).toEqual(['signed-out'])
  })

  test('calls nothing when nobody is signed in', async () => {
    const { session } = await signIn({ refresh: headerPair({ url, signOut: '/auth/logout' }) })
    backend.answer = () => new HttpResponse(null, { status: 204 })
    await session.signOut()
    await expect.poll(() => backend.calls).toHaveLength(1)
    await session.signOut()
    await settled()
    expect(backend.calls).toHaveLength(1)
  })

  const failures: [claim: string, answer: () => Response, signOut: string | SignOutEndpoint][] = [
    ['a server that is not reached', () => HttpResponse.error(), '/auth/logout'],
    ['a server that refuses', () => new HttpResponse('access-1', { status: 403 }), '/auth/logout'],
    [
      'a send that throws',
      () => new HttpResponse(null),
      {
        url: '/auth/logout',
        send: (tokens) => {
          throw new Error(JSON.stringify(tokens))
        },
      },
    ],
    [
      'a request that cannot be made',
      () => new HttpResponse(null),
      { url: '/auth/logout', send: () => ({ headers: { cookie: 'id=1' } }) },
    ],
  ]

  test.each(failures)('emits a warning without tokens for %s', async (_, answer, signOut) => {
    backend.answer = answer
    const events = await signedOut(signOut)
    await expect.poll(() => events).toHaveLength(2)
    expect(events[1]).toMatchObject({ type: 'warning', code: 'SIGN_OUT_NOT_TOLD' })
    expect(JSON.stringify(events)).not.toMatch(/access-1|refresh-1|id=1/)
  })

  test('emits the warning for a hook of the app that rejects, and for one that throws', async () => {
    const hooks = [
      () => Promise.reject(new Error('access-1')),
      () => {
        throw new Error('access-1')
      },
    ]
    for (const signOut of hooks) {
      const { session } = await signIn({ refresh: { ...headerPair({ url }), signOut } })
      const events: SessionEvent[] = []
      session.on((event) => events.push(event))
      await session.signOut()
      await expect.poll(() => events).toHaveLength(2)
      expect(events[1]).toMatchObject({ type: 'warning', code: 'SIGN_OUT_NOT_TOLD' })
      expect(JSON.stringify(events)).not.toContain('access-1')
    }
  })
})
