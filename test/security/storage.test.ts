import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import {
  createSession,
  indexedDbStore,
  type Session,
  type SessionEvent,
  type SessionOptions,
  type StoredTokens,
  webStorageStore,
} from '../../src/index.js'
import { headerPair } from '../../src/servers.js'
import { elapse } from '../support/elapse.js'
import { settled } from '../support/settled.js'
import { storedRecord } from '../support/stored-record.js'
import { findSecrets } from './support/leaks.js'
import { openStore, refreshUrl, signedInStage } from './support/stage.js'

const { indexedDB } = globalThis

beforeEach(() => Reflect.deleteProperty(globalThis, 'indexedDB'))
afterEach(() => {
  localStorage.clear()
  sessionStorage.clear()
  vi.restoreAllMocks()
  globalThis.indexedDB = indexedDB
})

interface Opened {
  session: Session
  events: SessionEvent[]
}

function open(options: Partial<SessionOptions>): Opened {
  const session = createSession({ refresh: headerPair({ url: refreshUrl }), ...options })
  const events: SessionEvent[] = []
  session.on((event) => events.push(event))
  onTestFinished(session.dispose)
  return { session, events }
}

async function opened(options: Partial<SessionOptions>): Promise<Opened> {
  const page = open(options)
  await page.session.ready
  return page
}

const anonymous = { status: 'signed-out', reason: 'none' }
const failures = (events: SessionEvent[]): SessionEvent[] =>
  events.filter(({ type }) => type === 'store-failed')

test('S1: an empty store is nobody signed in', async () => {
  const { session, events } = await opened({ store: webStorageStore('local') })
  expect(session.state).toEqual(anonymous)
  expect(events).toEqual([])
})

test.each([
  '',
  'undefined',
  '{',
  '[]',
  '1',
  '"SENTINEL"',
  '<html>SENTINEL</html>',
  '{"accessToken":"SENTINEL"',
])('S2: %j in the store is nobody signed in, and is thrown away without a word of it', async (text) => {
  localStorage.setItem('latchkey', text)
  const { session, events } = await opened({ store: webStorageStore('local') })
  expect(session.state).toEqual(anonymous)
  expect(localStorage.getItem('latchkey')).toBeNull()
  expect(findSecrets(events, ['SENTINEL'])).toEqual([])
})

test('S2: "null" in the store is nobody signed in', async () => {
  localStorage.setItem('latchkey', 'null')
  expect((await opened({ store: webStorageStore('local') })).session.state).toEqual(anonymous)
})

const wrong: Record<string, unknown>[] = [
  { version: '1' },
  { session: 5 },
  { session: 'x'.repeat(1e5) },
  { generation: '1' },
  { generation: 1.5 },
  { generation: null },
  { accessToken: 5 },
  { accessToken: ['access'] },
  { refreshToken: {} },
  { refreshToken: null },
]

test.each(wrong)('S3: a record with %j is nobody signed in', async (field) => {
  const store = openStore({ ...storedRecord(), ...field })
  expect((await opened({ store })).session.state).toEqual(anonymous)
})

test('S4: the record of a newer version is nobody signed in, and is left alone', async () => {
  const newer = { ...storedRecord(), version: 2, sealed: 'x' }
  const store = openStore(newer)
  const { session, events } = await opened({ store })
  expect(session.state).toEqual(anonymous)
  await session.setTokens({ accessToken: 'access', refreshToken: 'refresh' })
  await session.signOut()
  expect(store.kept).toBe(newer)
  expect(failures(events)).not.toEqual([])
})

test('S5: the record of an older version is nobody signed in', async () => {
  for (const version of [undefined, 0, -1, null]) {
    const store = openStore({ ...storedRecord(), version })
    expect((await opened({ store })).session.state).toEqual(anonymous)
  }
})

test('S6: a record of 6 MB is nobody signed in', async () => {
  for (const field of ['accessToken', 'refreshToken', 'session']) {
    const store = openStore({ ...storedRecord(), [field]: 'x'.repeat(6e6) })
    expect((await opened({ store })).session.state).toEqual(anonymous)
  }
})

describe('S7', () => {
  test('what only a prototype holds is not read, and none is changed', async () => {
    const inherited = openStore(Object.create(storedRecord()))
    expect((await opened({ store: inherited })).session.state).toEqual(anonymous)
    localStorage.setItem('latchkey', `{"__proto__":${JSON.stringify(storedRecord())}}`)
    expect((await opened({ store: webStorageStore('local') })).session.state).toEqual(anonymous)
    expect(({} as Record<string, unknown>).accessToken).toBeUndefined()
  })

  test('a getter is read once, and what it gave then counts', async () => {
    let reads = 0
    const record = Object.defineProperty({ ...storedRecord({ expiresAt: null }) }, 'accessToken', {
      enumerable: true,
      get: () => `access-${++reads}`,
    })
    const { session } = await opened({ store: openStore(record) })
    expect(await session.getAccessToken()).toBe('access-1')
    expect(await session.getAccessToken()).toBe('access-1')
  })

  test('a getter that throws is a store that failed', async () => {
    const record = Object.defineProperty({}, 'version', {
      enumerable: true,
      get() {
        throw new Error('SENTINEL')
      },
    })
    const { session, events } = await opened({ store: openStore(record) })
    expect(session.state).toEqual(anonymous)
    expect(failures(events)).toHaveLength(1)
    expect(findSecrets(events, ['SENTINEL'])).toEqual([])
  })
})

test('S8: an endpoint or an origin in the store has no effect', async () => {
  const stage = await signedInStage({ options: { store: webStorageStore('local') } })
  const evil = 'https://evil.com'
  const kept = JSON.parse(localStorage.getItem('latchkey') ?? '')
  const poisoned = {
    ...kept,
    refresh: evil,
    url: evil,
    refreshUrl: evil,
    baseURL: evil,
    allowedOrigins: [evil],
  }
  localStorage.setItem('latchkey', JSON.stringify({ ...poisoned, generation: 2 }))
  dispatchEvent(new StorageEvent('storage', { key: 'latchkey', storageArea: localStorage }))
  await elapse(stage.session.refresh())
  await elapse(stage.api.get(`${evil}/me`, { validateStatus: null }))
  expect(stage.refreshes.map(({ url }) => url)).toEqual([refreshUrl])
  expect(stage.sent.map(({ authorization }) => authorization)).toEqual([null])
  expect(Object.keys(JSON.parse(localStorage.getItem('latchkey') ?? '')).sort()).toEqual(
    Object.keys(storedRecord()).sort(),
  )
})

test('S9: tokens in the store that would break a header are nobody signed in', async () => {
  for (const field of [{ accessToken: 'a\r\nX-Evil: 1' }, { refreshToken: 'a\r\nX-Evil: 1' }]) {
    const store = openStore({ ...storedRecord(), ...field })
    expect((await opened({ store })).session.state).toEqual(anonymous)
  }
})

test.each([Infinity, Number.NaN, -1, 0, '2030', {}, null, undefined])(
  'S10: an expiry of %s in the store is unknown',
  async (expiresAt) => {
    const store = openStore({ ...storedRecord(), expiresAt })
    const { session } = await opened({ store })
    expect(session.state).toMatchObject({ status: 'signed-in', expiresAt: null })
  },
)

describe('S11: a localStorage that', () => {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, 'localStorage') as PropertyDescriptor
  afterEach(() => void Object.defineProperty(globalThis, 'localStorage', descriptor))

  test.each<[string, () => unknown]>([
    [
      'throws when it is touched',
      () => {
        throw new DOMException('denied', 'SecurityError')
      },
    ],
    ['is null', () => null],
    ['is not there', () => undefined],
  ])('%s is replaced by memory, and one event says so', async (_, get) => {
    Object.defineProperty(globalThis, 'localStorage', { configurable: true, get })
    const { session, events } = await opened({ store: webStorageStore('local') })
    expect(failures(events)).toMatchObject([{ operation: 'read' }])
    await session.setTokens({ accessToken: 'access', refreshToken: 'refresh' })
    expect(await session.getAccessToken()).toBe('access')
    expect(failures(events)).toMatchObject([{ operation: 'read' }])
  })
})

describe('S12: a localStorage that is written', () => {
  test.each<[string, () => void]>([
    [
      'and is full',
      () => {
        throw new DOMException('SENTINEL', 'QuotaExceededError')
      },
    ],
    ['and keeps nothing, without a word', () => {}],
  ])('%s leaves the tokens in memory, and an event tells', async (_, write) => {
    const { session, events } = await opened({ store: webStorageStore('local') })
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(write)
    await session.setTokens({ accessToken: 'access', refreshToken: 'refresh' })
    expect(await session.getAccessToken()).toBe('access')
    expect(failures(events)).toMatchObject([{ operation: 'write' }])
    expect(findSecrets(events, ['SENTINEL'])).toEqual([])
  })
})

/** Another tab wrote to localStorage. */
function writeElsewhere(text: string | null): void {
  if (text === null) localStorage.removeItem('latchkey')
  else localStorage.setItem('latchkey', text)
  dispatchEvent(new StorageEvent('storage', { key: 'latchkey', newValue: text, storageArea: localStorage }))
}

async function signedIn(): Promise<Opened> {
  const page = await opened({ store: webStorageStore('local') })
  await page.session.setTokens({ accessToken: 'access', refreshToken: 'refresh' })
  return page
}

test('S13: a record that is gone was a sign-out elsewhere', async () => {
  const { session, events } = await signedIn()
  writeElsewhere(null)
  await settled()
  expect(session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
  expect(events.map(({ type }) => type)).toEqual(['signed-in', 'signed-out'])
})

test.each(['garbage', '{}', '[]', '5', '{"version":1}', '""'])(
  'S14: %j that another script wrote over the record does not end the session',
  async (garbage) => {
    const { session } = await signedIn()
    writeElsewhere(garbage)
    await settled()
    expect(session.state.status).toBe('signed-in')
    expect(await session.getAccessToken()).toBe('access')
  },
)

test('S14: the record is believed again when it is whole', async () => {
  const { session } = await signedIn()
  const kept: StoredTokens = JSON.parse(localStorage.getItem('latchkey') ?? '')
  writeElsewhere('garbage')
  await settled()
  writeElsewhere(JSON.stringify({ ...kept, accessToken: 'renewed', generation: kept.generation + 1 }))
  await settled()
  expect(await session.getAccessToken()).toBe('renewed')
})

test.each<[string, StorageEventInit]>([
  ['without a key or a value', {}],
  ['of another key', { key: 'other', storageArea: localStorage }],
  ['of another storage', { key: 'latchkey', storageArea: sessionStorage }],
  ['of a clearing that changed nothing', { key: null, newValue: null, storageArea: localStorage }],
  ['that claims a value which is not there', { key: 'latchkey', newValue: '{', storageArea: localStorage }],
])('S15: a storage event %s changes nothing', async (_, event) => {
  const { session, events } = await signedIn()
  dispatchEvent(new StorageEvent('storage', event))
  await settled()
  expect(session.state.status).toBe('signed-in')
  expect(events.map(({ type }) => type)).toEqual(['signed-in'])
})

test('S15: a storage event without a key, after a clearing, is a sign-out', async () => {
  const { session } = await signedIn()
  localStorage.clear()
  dispatchEvent(new StorageEvent('storage', { key: null, storageArea: localStorage }))
  await settled()
  expect(session.state.status).toBe('signed-out')
})

describe('S16: a store that', () => {
  test.each<[string, () => unknown, number]>([
    ['rejects', () => Promise.reject(new Error('SENTINEL')), 1],
    ['rejects with nothing', () => Promise.reject(), 1],
    [
      'throws',
      () => {
        throw new Error('SENTINEL')
      },
      1,
    ],
    ['never settles', () => new Promise(() => {}), 1],
    ['gives nothing', () => undefined, 0],
    ['gives a promise of nothing', () => Promise.resolve(), 0],
  ])('%s is waited for no longer than 5 s, and the session works', async (_, read, told) => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const { session, events } = open({ store: { read: read as () => null, write: read as () => void } })
    const startedAt = Date.now()
    await elapse(session.ready)
    expect(Date.now() - startedAt).toBeLessThanOrEqual(5100)
    expect(session.state).toEqual(anonymous)
    expect(failures(events)).toHaveLength(told)
    await elapse(session.setTokens({ accessToken: 'access' }))
    expect(await elapse(session.getAccessToken())).toBe('access')
    expect(findSecrets(events, ['SENTINEL'])).toEqual([])
  })
})

describe('S17: an IndexedDB', () => {
  /** An `indexedDB` whose `open` ends as the test says. */
  function stubOpen(end: (request: Record<string, (() => void) | undefined>) => void): void {
    const openRequest = (): unknown => {
      const request = { error: new DOMException('SENTINEL', 'UnknownError') }
      setTimeout(() => end(request as never), 0)
      return request
    }
    vi.stubGlobal('indexedDB', { open: openRequest })
    onTestFinished(() => void vi.unstubAllGlobals())
  }

  test.each<[string, () => void]>([
    ['that throws', () => vi.stubGlobal('indexedDB', {})],
    ['that cannot be opened', () => stubOpen((request) => request.onerror?.())],
    ['that is blocked', () => stubOpen((request) => request.onblocked?.())],
  ])('%s is replaced by memory, and by nothing that is kept', async (_, prepare) => {
    prepare()
    onTestFinished(() => void vi.unstubAllGlobals())
    const { session, events } = await opened({})
    await session.setTokens({ accessToken: 'access' })
    expect(await session.getAccessToken()).toBe('access')
    expect([localStorage.length, sessionStorage.length]).toEqual([0, 0])
    expect(failures(events)).toMatchObject([{ operation: 'read' }])
    expect(findSecrets(events, ['SENTINEL'])).toEqual([])
  })

  test('that never answers is waited for no longer than 5 s, and the session works in memory', async () => {
    stubOpen(() => {})
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const { session, events } = open({})
    const startedAt = Date.now()
    await elapse(session.ready)
    expect(Date.now() - startedAt).toBeLessThanOrEqual(5100)
    await elapse(session.setTokens({ accessToken: 'access' }))
    expect(await elapse(session.getAccessToken())).toBe('access')
    expect(failures(events).length).toBeGreaterThan(0)
  })

  test('that is deleted under an open session makes way, and is opened afresh', async () => {
    globalThis.indexedDB = indexedDB
    const { session } = await opened({ name: 'deleted' })
    await session.setTokens({ accessToken: 'access', refreshToken: 'refresh' })
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.deleteDatabase('deleted')
      request.onsuccess = () => resolve()
      request.onblocked = request.onerror = () => reject(new Error('the session was in the way'))
    })
    await session.setTokens({ accessToken: 'next', refreshToken: 'refresh' })
    const store = indexedDbStore('deleted')
    expect(await store.read()).toMatchObject({ accessToken: 'next' })
    store.close?.()
  })
})

test('S18: two sessions of other names on one origin share nothing', async () => {
  const [one, two] = [
    await opened({ store: webStorageStore('local'), name: 'one' }),
    await opened({ store: webStorageStore('local'), name: 'two' }),
  ]
  await one.session.setTokens({ accessToken: 'access' })
  await settled()
  expect(two.session.state).toEqual(anonymous)
  expect(Object.keys(localStorage)).toEqual(['one'])
  await two.session.signOut()
  expect(await one.session.getAccessToken()).toBe('access')
})
