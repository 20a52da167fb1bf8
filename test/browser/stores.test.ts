import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { indexedDbStore } from '../../src/browser/indexed-db-store.js'
import { webStorageStore } from '../../src/browser/web-storage-store.js'
import { systemClock } from '../../src/core/clock.js'
import { createFailsafeStore, type TokenStore } from '../../src/core/token-store.js'
import type { StoredTokens } from '../../src/core/tokens.js'
import { storedRecord } from '../support/stored-record.js'

const first = storedRecord()
const second = storedRecord({ generation: 2, accessToken: 'access-2' })

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  localStorage.clear()
  sessionStorage.clear()
})
afterEach(() => vi.unstubAllGlobals())

/** Compares and sets as a session does it, with the store's own `replace` or without. */
const compareAndSet = (store: TokenStore, expected: StoredTokens, next: StoredTokens | null) =>
  createFailsafeStore(store, systemClock, new AbortController().signal, () => {}).compareAndSet(
    expected,
    next,
  )

describe.each<[string, (name: string) => TokenStore]>([
  ['IndexedDB', indexedDbStore()],
  ['localStorage', webStorageStore('local')],
  ['sessionStorage', webStorageStore('session')],
])('a store in %s', (_, openNamed) => {
  const open = (name = 'latchkey') => openNamed(name)

  test('holds nothing at first', async () => {
    expect(await open().read()).toBeNull()
  })

  test('keeps the record across a reload, whole', async () => {
    const before = open()
    await before.write(first)
    before.close?.()
    expect(await open().read()).toEqual(first)
    await before.write(second)
    expect(await open().read()).toEqual(second)
  })

  test('keeps a record without a refresh token and without an expiry', async () => {
    const { refreshToken: _refreshToken, ...bare } = storedRecord({ expiresAt: null })
    await open().write(bare)
    expect(await open().read()).toEqual(bare)
  })

  test('forgets the record', async () => {
    const store = open()
    await store.write(first)
    await store.write(null)
    expect(await store.read()).toBeNull()
    expect(await open().read()).toBeNull()
  })

  test('shares nothing with one of another name', async () => {
    await open('shop').write(first)
    expect(await open('forum').read()).toBeNull()
    expect(await open('shop').read()).toEqual(first)
  })

  test('replaces what was expected, and nothing else', async () => {
    const store = open()
    await store.write(first)
    expect(await compareAndSet(store, first, second)).toBe(true)
    expect(await compareAndSet(store, first, storedRecord({ generation: 9 }))).toBe(false)
    expect(await store.read()).toEqual(second)
    expect(await compareAndSet(store, second, null)).toBe(true)
    expect(await store.read()).toBeNull()
    expect(await compareAndSet(store, second, first)).toBe(false)
    expect(await store.read()).toBeNull()
  })
})
