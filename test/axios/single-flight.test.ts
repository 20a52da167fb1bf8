import axios from 'axios'
import { afterEach, expect, test, vi } from 'vitest'
import { withSession } from '../../src/axios.js'
import { headerPair } from '../../src/servers.js'
import { authorizationOf, refreshUrl, useBackend } from '../support/backend.js'
import { guard, signIn } from '../support/guarded-api.js'
import { holding } from '../support/holding.js'
import { nextEvent } from '../support/next-event.js'

const backend = useBackend()
afterEach(() => vi.useRealTimers())

const times = <T>(count: number, call: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => call(index))

test('fifty concurrent 401s cause one refresh, and every call is answered with its own reply', async () => {
  const { api } = await signIn()
  backend.accepted.clear()
  const replies = await Promise.all(times(50, (index) => api.get(`/items/${index}`)))
  expect(replies.map(({ data }) => data.path)).toEqual(times(50, (index) => `/api/items/${index}`))
  expect(backend.refreshes).toHaveLength(1)
  expect(backend.calls.length + backend.refreshes.length).toBeLessThanOrEqual(101)
})

test('fifty calls at an expiry that is known put fifty-one requests on the wire, none of them refused', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const { api } = await signIn({}, { expiresIn: 15 })
  vi.setSystemTime(Date.now() + 15_000)
  backend.accepted.clear()
  const replies = await Promise.all(times(50, () => api.get('/me')))
  expect(replies.map(({ status }) => status)).toEqual(times(50, () => 200))
  expect(backend.refreshes).toHaveLength(1)
  expect(backend.calls.map(authorizationOf)).toEqual(times(50, () => 'Bearer access-2'))
})

test('a good token goes out at once, without a refresh', async () => {
  const { api } = await signIn({}, { expiresIn: 15 })
  await Promise.all(times(10, () => api.get('/me')))
  expect(backend.refreshes).toHaveLength(0)
  expect(backend.calls.map(authorizationOf)).toEqual(times(10, () => 'Bearer access-1'))
})

test('the refresh carries the expired access token and the refresh token in its headers', async () => {
  const { api } = await signIn()
  backend.accepted.clear()
  await api.get('/me')
  const [refresh] = backend.refreshes
  expect(refresh?.method).toBe('POST')
  expect(refresh?.headers.get('authorization')).toBe('Bearer access-1')
  expect(refresh?.headers.get('refresh')).toBe('refresh-1')
})

test('a 401 that comes late is replayed with the token that is there by now, without a second refresh', async () => {
  const { api } = await signIn()
  backend.accepted.clear()
  const { answer } = backend
  const slow = holding(() => new Response(null, { status: 401 }))
  backend.answer = slow.respond
  const late = api.get('/slow')
  await slow.arrived
  backend.answer = answer
  await api.get('/quick')
  slow.release()
  const { data } = await late
  expect(data.path).toBe('/api/slow')
  expect(backend.refreshes).toHaveLength(1)
  expect(backend.calls.map(authorizationOf)).toEqual([
    'Bearer access-1',
    'Bearer access-1',
    'Bearer access-2',
    'Bearer access-2',
  ])
})

test('a late 401 whose replay is refused, for that token has expired as well, is cured by a refresh', async () => {
  const { api } = await signIn()
  backend.accepted.clear()
  const { answer } = backend
  const slow = holding(() => new Response(null, { status: 401 }))
  backend.answer = slow.respond
  const late = api.get('/slow')
  await slow.arrived
  backend.answer = answer
  await api.get('/quick')
  backend.accepted.clear()
  slow.release()
  expect((await late).status).toBe(200)
  expect(backend.refreshes).toHaveLength(2)
})

test('a request that starts during a refresh waits for it when the expiry is known', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const { api } = await signIn({}, { expiresIn: 15 })
  vi.setSystemTime(Date.now() + 15_000)
  const refresh = holding(backend.renew)
  backend.renew = refresh.respond
  const first = api.get('/first')
  await refresh.arrived
  const second = api.get('/second')
  expect(backend.calls).toHaveLength(0)
  refresh.release()
  await Promise.all([first, second])
  expect(backend.refreshes).toHaveLength(1)
  expect(backend.calls).toHaveLength(2)
})

test('a request that is refused during a refresh joins it', async () => {
  const { session, api } = await signIn()
  backend.accepted.clear()
  const refresh = holding(backend.renew)
  backend.renew = refresh.respond
  const { answer } = backend
  const slow = holding(answer)
  backend.answer = slow.respond
  const second = api.get('/second')
  await slow.arrived
  backend.answer = answer
  const first = api.get('/first')
  await refresh.arrived
  const held = nextEvent(session, 'request-held')
  slow.release()
  expect(await held).toMatchObject({ url: 'http://app.test/api/second', reason: 'refused' })
  refresh.release()
  expect((await Promise.all([first, second])).map(({ status }) => status)).toEqual([200, 200])
  expect(backend.refreshes).toHaveLength(1)
})

test('two axios instances on one session share one refresh', async () => {
  const { session, api } = await signIn()
  const other = guard(session, { baseURL: 'http://app.test/other' })
  backend.accepted.clear()
  await Promise.all([api.get('/me'), other.get('/me'), api.get('/you'), other.get('/you')])
  expect(backend.refreshes).toHaveLength(1)
})

test('two sessions share nothing', async () => {
  const one = await signIn({ name: 'one' })
  const other = await signIn({ name: 'other' }, { accessToken: 'other-1', refreshToken: 'other-refresh' })
  backend.accepted.clear()
  backend.accepted.add('other-1')
  await Promise.all([one.api.get('/me'), other.api.get('/me')])
  expect(backend.refreshes).toHaveLength(1)
  expect(await other.session.getAccessToken()).toBe('other-1')
})

test('user code that asks for a refresh or a token joins the refresh of the requests', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const { session, api } = await signIn({}, { expiresIn: 15 })
  vi.setSystemTime(Date.now() + 15_000)
  const [, refreshed, token] = await Promise.all([
    api.get('/me'),
    session.refresh(),
    session.getAccessToken(),
  ])
  expect(refreshed).toBe('access-2')
  expect(token).toBe('access-2')
  expect(backend.refreshes).toHaveLength(1)
})

test('inside the refresh-ahead window a request does not wait, and the refresh runs behind it', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const refresh = { ...headerPair({ url: refreshUrl }), timing: 'any' } as const
  const { session, api } = await signIn({ refresh }, { expiresIn: 100 })
  vi.setSystemTime(Date.now() + 95_000)
  const held = holding(backend.renew)
  backend.renew = held.respond
  expect((await api.get('/me')).status).toBe(200)
  expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1'])
  await held.arrived
  held.release()
  expect(await session.refresh()).toBe('access-2')
  await api.get('/me')
  expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1', 'Bearer access-2'])
  expect(backend.refreshes).toHaveLength(1)
})

test('the events of a held request tell one story under one id, and hold no token', async () => {
  const { session, api } = await signIn()
  const events: unknown[] = []
  session.on(({ at, ...event }) => events.push(event))
  backend.accepted.clear()
  await api.get('/me?secret=1')
  const request = { id: 1, method: 'GET', url: 'http://app.test/api/me' }
  expect(events).toEqual([
    { type: 'request-held', reason: 'refused', ...request },
    { type: 'refresh-started' },
    { type: 'refresh-succeeded' },
    { type: 'request-replayed', ...request },
  ])
})

test('withSession returns the very instance it was given', async () => {
  const { session } = await signIn()
  const instance = axios.create()
  expect(withSession(instance, session)).toBe(instance)
})
