import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { indexedDbStore } from '../../src/browser/indexed-db-store.js'
import { webStorageStore } from '../../src/browser/web-storage-store.js'
import { replaceTokens } from '../../src/core/token-store.js'
import { storedRecord } from '../support/stored-record.js'

const first = storedRecord()
const second = storedRecord({ generation: 2, accessToken: 'access-2' })

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  localStorage.clear()
  sessionStorage.clear()
})
afterEach(() => vi.unstubAllGlobals())

describe.each([
  ['IndexedDB', indexedDbStore],
  ['localStorage', (name?: string) => webStorageStore('local', name)],
  ['sessionStorage', (name?: string) => webStorageStore('session', name)],
])('a store in %s', (_, open) => {
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
    expect(await replaceTokens(store, first, second)).toBe(true)
    expect(await replaceTokens(store, first, storedRecord({ generation: 9 }))).toBe(false)
    expect(await store.read()).toEqual(second)
    expect(await replaceTokens(store, second, null)).toBe(true)
    expect(await store.read()).toBeNull()
    expect(await replaceTokens(store, second, first)).toBe(false)
    expect(await store.read()).toBeNull()
  })
})
