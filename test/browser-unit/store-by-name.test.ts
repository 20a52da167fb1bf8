import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { indexedDbStore } from '../../src/browser/indexed-db-store.js'
import { type StoreName, storeByName } from '../../src/browser/store-by-name.js'
import { webStorageStore } from '../../src/browser/web-storage-store.js'
import { storedRecord } from '../support/stored-record.js'

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  localStorage.clear()
  sessionStorage.clear()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

/** Where a store of that name keeps its record. */
async function placesOf(kind: StoreName, onFailure: (reason: string) => void = () => {}): Promise<string[]> {
  const store = storeByName(kind, 'shop', onFailure)
  await store.write(storedRecord())
  expect(await store.read()).toEqual(storedRecord())
  store.close?.()
  const places = {
    indexeddb: 'indexedDB' in globalThis ? indexedDbStore('shop') : undefined,
    local: webStorageStore('local', 'shop'),
    session: webStorageStore('session', 'shop'),
  }
  const found: string[] = []
  for (const [place, { read } = {}] of Object.entries(places)) {
    try {
      if (await read?.()) found.push(place)
    } catch {}
  }
  return found
}

test.each<[StoreName, string[]]>([
  ['indexeddb', ['indexeddb']],
  ['local', ['local']],
  ['session', ['session']],
  ['memory', []],
])('%s keeps the record in %j', async (kind, places) => {
  const onFailure = vi.fn()
  expect(await placesOf(kind, onFailure)).toEqual(places)
  expect(onFailure).not.toHaveBeenCalled()
})

describe('where IndexedDB', () => {
  test('is missing, localStorage serves in silence', async () => {
    vi.unstubAllGlobals()
    const onFailure = vi.fn()
    expect(await placesOf('indexeddb', onFailure)).toEqual(['local'])
    expect(onFailure).not.toHaveBeenCalled()
  })

  test('is refused, localStorage serves, and that is told', async () => {
    vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw Object.assign(new Error('refused'), { name: 'SecurityError' })
    })
    const onFailure = vi.fn()
    const store = storeByName('indexeddb', 'shop', onFailure)
    await store.write(storedRecord())
    expect(JSON.parse(localStorage.getItem('shop') ?? 'null')).toEqual(storedRecord())
    expect(onFailure.mock.calls).toEqual([['SecurityError']])
  })
})

test('where all is refused, memory serves', async () => {
  const refuse = () => {
    throw new DOMException('refused', 'SecurityError')
  }
  vi.spyOn(indexedDB, 'open').mockImplementation(refuse)
  vi.spyOn(globalThis, 'localStorage', 'get').mockImplementation(refuse)
  const onFailure = vi.fn()
  const store = storeByName('indexeddb', 'shop', onFailure)
  await store.write(storedRecord())
  expect(await store.read()).toEqual(storedRecord())
  expect(onFailure).toHaveBeenCalledTimes(2)
  expect(await storeByName('indexeddb', 'shop', onFailure).read()).toBeNull()
})
