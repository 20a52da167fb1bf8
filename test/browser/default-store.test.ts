import { IDBFactory, IDBObjectStore } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { createDatabase } from '../../src/browser/database.js'
import { indexedDbStore } from '../../src/browser/indexed-db-store.js'
import { createSession, type Session, type SessionEvent } from '../../src/index.js'
import { headerPair } from '../../src/servers.js'

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  localStorage.clear()
  sessionStorage.clear()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const user = { accessToken: 'access-1', refreshToken: 'refresh-1', expiresIn: 900 }

function open(name?: string): { session: Session; events: SessionEvent[] } {
  const refresh = headerPair({ url: '/auth/refresh' })
  const session = createSession(name === undefined ? { refresh } : { refresh, name })
  const events: SessionEvent[] = []
  session.on((event) => events.push(event))
  onTestFinished(() => session.dispose())
  return { session, events }
}

async function signInAndReload(name?: string): Promise<{ status: string; events: SessionEvent[] }> {
  const before = open(name)
  await before.session.setTokens(user)
  expect(await before.session.getAccessToken()).toBe('access-1')
  before.session.dispose()
  const after = open(name)
  await after.session.ready
  return { status: after.session.state.status, events: before.events }
}

const failuresIn = (events: readonly SessionEvent[]): SessionEvent[] =>
  events.filter(({ type }) => type === 'store-failed')

/** Whatever is in the storages, which only `webStorageStore` may use. */
const storedElsewhere = (): number => localStorage.length + sessionStorage.length

describe('without the option store', () => {
  test.each([
    ['latchkey', undefined],
    ['shop', 'shop'],
  ])('IndexedDB keeps the record, in the database %s', async (database, name) => {
    const { status, events } = await signInAndReload(name)
    expect(status).toBe('signed-in')
    expect(events.map(({ type }) => type)).toEqual(['signed-in'])
    expect(await indexedDbStore(database).read()).toMatchObject({ accessToken: 'access-1' })
    expect(storedElsewhere()).toBe(0)
  })

  test('a browser without IndexedDB keeps the record in memory, which is no failure', async () => {
    vi.unstubAllGlobals()
    expect('indexedDB' in globalThis).toBe(false)
    const { status, events } = await signInAndReload()
    expect(status).toBe('signed-out')
    expect(events.map(({ type }) => type)).toEqual(['signed-in'])
    expect(storedElsewhere()).toBe(0)
  })
})

describe('where IndexedDB', () => {
  test('is refused, the session goes on in memory, and an event says so once', async () => {
    vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw Object.assign(new Error('refused'), { name: 'SecurityError' })
    })
    const { status, events } = await signInAndReload()
    expect(status).toBe('signed-out')
    expect(failuresIn(events)).toEqual([
      expect.objectContaining({ type: 'store-failed', operation: 'read', reason: 'SecurityError' }),
    ])
    expect(storedElsewhere()).toBe(0)
  })

  test('fails in the middle of a session, that session goes on in memory, and nothing else takes its place', async () => {
    const { session, events } = open()
    await session.setTokens(user)
    expect(failuresIn(events)).toEqual([])
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw Object.assign(new Error('full'), { name: 'QuotaExceededError' })
    })
    await session.setTokens({ ...user, accessToken: 'access-2' })
    expect(await session.getAccessToken()).toBe('access-2')
    expect(failuresIn(events)).toEqual([
      expect.objectContaining({ operation: 'write', reason: 'QuotaExceededError' }),
    ])
    expect(await indexedDbStore('latchkey').read(), 'not the tokens before').toBeNull()
    expect(storedElsewhere()).toBe(0)
  })

  test('holds something else under the name, that is thrown away', async () => {
    await createDatabase('latchkey').run('readwrite', (records) => {
      records.put('garbage', 'tokens')
      return () => {}
    })
    const { session, events } = open()
    await session.ready
    expect(session.state).toEqual({ status: 'signed-out', reason: 'none' })
    expect(await indexedDbStore('latchkey').read()).toBeNull()
    expect(events).toEqual([])
  })
})
