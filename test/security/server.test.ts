// @vitest-environment node
import axios, { type AxiosAdapter } from 'axios'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { SessionEvent, TokenStore } from '../../src/index.js'
import { watchSideEffects } from './support/side-effects.js'

const url = 'https://api.example.com/auth/refresh'

const load = async () => ({
  ...(await import('../../src/index.js')),
  ...(await import('../../src/axios.js')),
  ...(await import('../../src/servers.js')),
})

test('this is a server: there is no document', () => {
  expect('document' in globalThis).toBe(false)
})

test('an import touches nothing and leaves no global behind', async () => {
  vi.resetModules()
  const before = Reflect.ownKeys(globalThis)
  const { names } = watchSideEffects()
  await load()
  expect(names).toEqual([])
  expect(Reflect.ownKeys(globalThis)).toEqual(before)
})

/** The timer is the limit of the one reading of the store, which a store in memory answers at once. */
test('a session touches nothing but the timer of its first reading, and leaves nothing behind', async () => {
  const { createSession, headerPair, withSession } = await load()
  const before = Reflect.ownKeys(globalThis)
  const resources = process.getActiveResourcesInfo()
  const { names } = watchSideEffects()
  const session = createSession({ refresh: headerPair({ url }) })
  withSession(axios.create(), session)
  await session.ready
  expect(new Set(names)).toEqual(new Set(['setTimeout']))
  expect(process.getActiveResourcesInfo()).toEqual(resources)
  expect(Reflect.ownKeys(globalThis)).toEqual(before)
  session.dispose()
})

type Latchkey = typeof import('../../src/index.js')
type MakeStore = (latchkey: Latchkey) => TokenStore | ((name: string) => TokenStore)

const ownStores: [claim: string, make: MakeStore | undefined][] = [
  ['by default', undefined],
  ['in a memoryStore', ({ memoryStore }) => memoryStore()],
]

test.each(ownStores)(
  'C13: the tokens are in memory here %s, without a word, and keepFresh starts no timer',
  async (_, make) => {
    const loaded = await load()
    const { names } = watchSideEffects()
    const session = loaded.createSession({
      refresh: loaded.headerPair({ url }),
      ...(make && { store: make(loaded) }),
    })
    loaded.keepFresh(session)
    onTestFinished(session.dispose)
    const events: unknown[] = []
    session.on((event) => events.push(event))
    await session.setTokens({ accessToken: 'access', refreshToken: 'refresh' })
    expect(await session.getAccessToken()).toBe('access')
    expect(events).toMatchObject([{ type: 'signed-in' }])
    expect(new Set(names)).toEqual(new Set(['setTimeout']))
  },
)

const storesOfPages: [name: string, make: MakeStore][] = [
  ['indexedDbStore', ({ indexedDbStore }) => indexedDbStore()],
  ['webStorageStore of localStorage', ({ webStorageStore }) => webStorageStore('local')],
  ['webStorageStore of sessionStorage', ({ webStorageStore }) => webStorageStore('session')],
]

test.each(storesOfPages)(
  'C13: with %s the session works in memory here, and an event tells',
  async (_, make) => {
    const loaded = await load()
    const session = loaded.createSession({ refresh: loaded.headerPair({ url }), store: make(loaded) })
    onTestFinished(session.dispose)
    const events: SessionEvent[] = []
    session.on((event) => events.push(event))
    await session.setTokens({ accessToken: 'access', refreshToken: 'refresh' })
    expect(await session.getAccessToken()).toBe('access')
    const failures = events.filter(({ type }) => type === 'store-failed')
    expect(failures).toMatchObject([{ operation: 'read' }])
  },
)

test('X19: two users on one server share nothing', async () => {
  const { createSession, headerPair, withSession } = await load()
  const refreshes: (string | null)[] = []
  vi.stubGlobal('fetch', async (_: string, { headers }: RequestInit) => {
    const token = new Headers(headers).get('refresh')
    refreshes.push(token)
    return new Response(JSON.stringify({ accessToken: `renewed-${token}` }))
  })
  onTestFinished(() => void vi.unstubAllGlobals())
  const adapter: AxiosAdapter = async (config) => {
    const data = config.headers.get('Authorization')
    const status = String(data).startsWith('Bearer renewed') ? 200 : 401
    return { status, statusText: '', data, headers: {}, config }
  }

  async function visit(user: string): Promise<unknown> {
    const session = createSession({ refresh: headerPair({ url }) })
    onTestFinished(session.dispose)
    const api = withSession(axios.create({ baseURL: 'https://api.example.com', adapter }), session)
    expect(await session.getAccessToken()).toBeNull()
    await session.setTokens({ accessToken: user, refreshToken: user })
    const replies = await Promise.all([api.get('/me'), api.get('/me')])
    if (user === 'ada') await session.signOut()
    return [replies.map(({ data }) => data), await session.getAccessToken()]
  }

  const users = ['ada', 'bob', 'eve']
  expect(await Promise.all(users.map(visit))).toEqual(
    users.map((user) => [
      [`Bearer renewed-${user}`, `Bearer renewed-${user}`],
      user === 'ada' ? null : `renewed-${user}`,
    ]),
  )
  expect(refreshes.sort()).toEqual(users)
})

test('a refresh URL that is a path cannot be called without a page, and says so', async () => {
  const { createSession, headerPair } = await load()
  const session = createSession({ refresh: headerPair({ url: '/auth/refresh' }) })
  onTestFinished(session.dispose)
  await session.setTokens({ accessToken: 'access', refreshToken: 'refresh' })
  await expect(session.refresh()).rejects.toMatchObject({ code: 'REFRESH_REFUSED' })
})
