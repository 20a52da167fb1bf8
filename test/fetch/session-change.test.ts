import { HttpResponse } from 'msw'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { authErrorOf } from '../../src/fetch.js'
import { memoryStore, type StoredTokens } from '../../src/index.js'
import { authorizationOf, useBackend } from '../support/backend.js'
import { deferred } from '../support/deferred.js'
import { elapse } from '../support/elapse.js'
import { openSession } from '../support/guarded-api.js'
import { apiUrl, guardFetch, signIn } from '../support/guarded-fetch.js'
import { codeOf } from '../support/held-request.js'
import { type Holding, holding } from '../support/holding.js'
import { nextEvent } from '../support/next-event.js'

const backend = useBackend()
beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => vi.useRealTimers())

/** Lets everything happen that is on its way already. */
const quiet = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))
const other = { accessToken: 'other-access', refreshToken: 'other-refresh' }
const post = { method: 'POST', body: '{"from":"the first user"}' }

function holdRefresh(): Holding {
  const refresh = holding(backend.renew)
  backend.renew = refresh.respond
  return refresh
}

type Leave = (session: Awaited<ReturnType<typeof signIn>>['session']) => Promise<void> | void
const ways: [name: string, leave: Leave, code: string][] = [
  ['a sign-out', (session) => session.signOut(), 'SESSION_CHANGED'],
  ['a sign-in as another user', (session) => session.setTokens(other), 'SESSION_CHANGED'],
  ['a disposal', (session) => session.dispose(), 'DISPOSED'],
]

describe.each(ways)('%s', (_, leave, code) => {
  test('lets a refused call that waits go with its own 401, and it is not sent again', async () => {
    const store = memoryStore()
    const { session, get } = await signIn({ store })
    backend.accepted.clear()
    const refresh = holdRefresh()
    const call = get('/transfer', post)
    await refresh.arrived
    await leave(session)
    const response = await call
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({ message: 'unauthorized' })
    expect(authErrorOf(response)).toMatchObject({ code })
    refresh.release()
    await quiet()
    expect(backend.calls).toHaveLength(1)
    // After a disposal the user is still signed in, and the server takes the token before it no longer.
    const kept = JSON.stringify(await store.read())
    if (code === 'DISPOSED') expect(kept).toContain('access-2')
    else expect(kept).not.toContain('access-2')
  })

  test('fails a held call, which is never sent', async () => {
    const { session, get } = await signIn({}, { expiresIn: 15 })
    vi.setSystemTime(Date.now() + 15_000)
    const refresh = holdRefresh()
    const call = codeOf(get('/transfer', post))
    await refresh.arrived
    await leave(session)
    expect(await call).toBe(code)
    refresh.release()
    await quiet()
    expect(backend.calls).toHaveLength(0)
  })

  test('before a 401 comes leaves it as it is: no refresh, no second sending', async () => {
    const { session, get } = await signIn()
    const slow = holding(() => new Response(null, { status: 401 }))
    backend.answer = slow.respond
    const call = get('/transfer', post)
    await slow.arrived
    await leave(session)
    slow.release()
    expect(authErrorOf(await call)).toMatchObject({ code })
    expect(backend.calls).toHaveLength(1)
    expect(backend.refreshes).toHaveLength(0)
  })
})

test('after dispose the fetch is bare', async () => {
  const { session, get } = await signIn()
  session.dispose()
  const response = await get('/me', { latchkey: {} })
  expect(response.status).toBe(401)
  expect(authErrorOf(response)).toBeUndefined()
  expect(backend.calls.map(authorizationOf)).toEqual([null])
})

test('with nobody signed in a request goes out without a token, and its 401 is its own', async () => {
  const session = openSession()
  backend.answer = () => HttpResponse.json({ message: 'wrong password' }, { status: 401 })
  const response = await guardFetch(session)(`${apiUrl}/login`, { method: 'POST', body: '{}' })
  expect(await response.json()).toEqual({ message: 'wrong password' })
  expect(authErrorOf(response)).toBeUndefined()
  expect(backend.calls).toHaveLength(1)
  expect(backend.refreshes).toHaveLength(0)
})

describe('while the store is being read', () => {
  const stored: StoredTokens = {
    version: 1,
    session: 'kept',
    generation: 1,
    accessToken: 'access-1',
    refreshToken: 'refresh-1',
    receivedAt: 1,
    expiresAt: null,
  }

  test.each([
    ['goes out with its token', stored, 'Bearer access-1'],
    ['goes out without a token when there is none', null, null],
    ['waits for a new token when that has expired', { ...stored, expiresAt: 2 }, 'Bearer access-2'],
  ])('the first request waits, and %s', async (_, found, sent) => {
    const reading = deferred<StoredTokens | null>()
    const session = openSession({ store: { read: () => reading.promise, write: () => {} } })
    const held = nextEvent(session, 'request-held')
    const call = guardFetch(session)(`${apiUrl}/me`)
    expect(await held).toMatchObject({ reason: 'loading' })
    reading.resolve(found)
    await call
    expect(backend.calls.map(authorizationOf)).toEqual([sent])
  })
})

test('a call that waits for a store that hangs fails with DISPOSED when the session goes', async () => {
  vi.useFakeTimers()
  const session = openSession({ store: { read: () => new Promise(() => {}), write: () => {} } })
  const held = nextEvent(session, 'request-held')
  const call = codeOf(guardFetch(session)(`${apiUrl}/me`))
  await held
  session.dispose()
  expect(await elapse(call)).toBe('DISPOSED')
  expect(backend.calls).toHaveLength(0)
})
