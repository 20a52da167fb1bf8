import { afterEach, expect, test, vi } from 'vitest'
import { withSession } from '../../src/fetch.js'
import { authorizationOf, useBackend } from '../support/backend.js'
import { guard } from '../support/guarded-api.js'
import { apiUrl, guardFetch, signIn } from '../support/guarded-fetch.js'
import { holding } from '../support/holding.js'
import { nextEvent } from '../support/next-event.js'

const backend = useBackend()
afterEach(() => vi.useRealTimers())

const times = <T>(count: number, call: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => call(index))

test('fifty concurrent 401s cause one refresh, and every call is answered with its own reply', async () => {
  const { get } = await signIn()
  backend.accepted.clear()
  const bodies = await Promise.all(
    times(50, (index) => get(`/items/${index}`).then((response) => response.json())),
  )
  expect(bodies).toEqual(times(50, (index) => ({ path: `/api/items/${index}` })))
  expect(backend.refreshes).toHaveLength(1)
  expect(backend.calls.length + backend.refreshes.length).toBeLessThanOrEqual(101)
})

test('fifty calls at an expiry that is known put fifty-one requests on the wire, none of them refused', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const { get } = await signIn({}, { expiresIn: 15 })
  vi.setSystemTime(Date.now() + 15_000)
  backend.accepted.clear()
  const replies = await Promise.all(times(50, () => get('/me')))
  expect(replies.map(({ status }) => status)).toEqual(times(50, () => 200))
  expect(backend.refreshes).toHaveLength(1)
  expect(backend.calls.map(authorizationOf)).toEqual(times(50, () => 'Bearer access-2'))
})

test('a good token goes out at once, without a refresh', async () => {
  const { get } = await signIn({}, { expiresIn: 15 })
  await Promise.all(times(10, () => get('/me')))
  expect(backend.refreshes).toHaveLength(0)
  expect(backend.calls.map(authorizationOf)).toEqual(times(10, () => 'Bearer access-1'))
})

test('a 401 that comes late is replayed with the token that is there by now, without a second refresh', async () => {
  const { get } = await signIn()
  backend.accepted.clear()
  const { answer } = backend
  const slow = holding(() => new Response(null, { status: 401 }))
  backend.answer = slow.respond
  const late = get('/slow')
  await slow.arrived
  backend.answer = answer
  await get('/quick')
  slow.release()
  expect(await (await late).json()).toEqual({ path: '/api/slow' })
  expect(backend.refreshes).toHaveLength(1)
})

test('a request that is refused during a refresh joins it', async () => {
  const { session, get } = await signIn()
  backend.accepted.clear()
  const refresh = holding(backend.renew)
  backend.renew = refresh.respond
  const { answer } = backend
  const slow = holding(answer)
  backend.answer = slow.respond
  const second = get('/second')
  await slow.arrived
  backend.answer = answer
  const first = get('/first')
  await refresh.arrived
  const held = nextEvent(session, 'request-held')
  slow.release()
  expect(await held).toMatchObject({ url: 'http://app.test/api/second', reason: 'refused' })
  refresh.release()
  expect((await Promise.all([first, second])).map(({ status }) => status)).toEqual([200, 200])
  expect(backend.refreshes).toHaveLength(1)
})

test('axios and fetch on one session share one refresh', async () => {
  const { session, get } = await signIn()
  const axios = guard(session)
  backend.accepted.clear()
  const replies = await Promise.all([get('/me'), axios.get('/me'), get('/you'), axios.get('/you')])
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  expect(backend.refreshes).toHaveLength(1)
})

test('two sessions share nothing', async () => {
  const one = await signIn({ name: 'one' })
  const other = await signIn({ name: 'other' }, { accessToken: 'other-1', refreshToken: 'other-refresh' })
  backend.accepted.clear()
  backend.accepted.add('other-1')
  await Promise.all([one.get('/me'), other.get('/me')])
  expect(backend.refreshes).toHaveLength(1)
  expect(await other.session.getAccessToken()).toBe('other-1')
})

test('a fetch that is guarded twice by one session sends one token, and refreshes once', async () => {
  const { session } = await signIn()
  const twice = withSession(guardFetch(session), session)
  backend.accepted.clear()
  expect((await twice(`${apiUrl}/me`)).status).toBe(200)
  expect(backend.refreshes).toHaveLength(1)
  expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1', 'Bearer access-2'])
})

test('the events of a held request tell one story under one id, and hold no token', async () => {
  const { session, get } = await signIn()
  const events: unknown[] = []
  session.on(({ at, ...event }) => events.push(event))
  backend.accepted.clear()
  await get('/me?secret=1#part')
  const request = { id: 1, method: 'GET', url: 'http://app.test/api/me' }
  expect(events).toEqual([
    { type: 'request-held', reason: 'refused', ...request },
    { type: 'refresh-started' },
    { type: 'refresh-succeeded' },
    { type: 'request-replayed', ...request },
  ])
})
