import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { webStorageStore } from '../../src/browser/web-storage-store.js'
import type { StoredTokens } from '../../src/core/tokens.js'
import { settled } from '../support/settled.js'
import { storedRecord } from '../support/stored-record.js'

const first = storedRecord()
const second = storedRecord({ generation: 2, accessToken: 'access-2' })

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
  vi.stubGlobal('indexedDB', new IDBFactory())
  localStorage.clear()
  sessionStorage.clear()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** Lets time pass in small steps, each with the turns that a transaction takes. */
async function pass(ms: number): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += 10) {
    await settled()
    vi.advanceTimersByTime(10)
  }
  await settled()
}

interface Reading {
  found: StoredTokens | null | undefined
}

function startReading(kind: 'local' | 'session' = 'local'): Reading {
  const reading: Reading = { found: undefined }
  void Promise.resolve(webStorageStore(kind, 'shop').read()).then((found) => {
    reading.found = found
  })
  return reading
}

describe('a localStorage that lags behind another tab', () => {
  test('is waited for, so that the spent token is not read', async () => {
    await webStorageStore('local', 'shop').write(second)
    localStorage.setItem('shop', JSON.stringify(first))
    const reading = startReading()
    await pass(100)
    expect(reading.found).toBeUndefined()
    localStorage.setItem('shop', JSON.stringify(second))
    await pass(20)
    expect(reading.found).toEqual(second)
  })

  test('after a sign-out is waited for as well', async () => {
    await webStorageStore('local', 'shop').write(first)
    await webStorageStore('local', 'shop').write(null)
    localStorage.setItem('shop', JSON.stringify(first))
    const reading = startReading()
    await pass(100)
    expect(reading.found).toBeUndefined()
    localStorage.removeItem('shop')
    await pass(20)
    expect(reading.found).toBeNull()
  })

  test('after another user signed in is waited for as well', async () => {
    const another = storedRecord({ session: 'session-2', accessToken: 'access-9' })
    await webStorageStore('local', 'shop').write(another)
    localStorage.setItem('shop', JSON.stringify(second))
    const reading = startReading()
    await pass(100)
    expect(reading.found).toBeUndefined()
    localStorage.setItem('shop', JSON.stringify(another))
    await pass(20)
    expect(reading.found).toEqual(another)
  })

  test('is believed after a third of a second, for somebody may have cleared it', async () => {
    await webStorageStore('local', 'shop').write(second)
    localStorage.clear()
    const reading = startReading()
    await pass(400)
    expect(reading.found).toBeNull()
  })

  test('is not waited for when it is ahead of the note', async () => {
    await webStorageStore('local', 'shop').write(first)
    localStorage.setItem('shop', JSON.stringify(second))
    expect(await webStorageStore('local', 'shop').read()).toEqual(second)
  })
})

describe('a tab that was duplicated', () => {
  test('does not read the record whose refresh token the original has spent', async () => {
    await webStorageStore('session', 'shop').write(first)
    const copied = sessionStorage.getItem('shop') as string
    await webStorageStore('session', 'shop').write(second)
    sessionStorage.setItem('shop', copied)
    expect(await webStorageStore('session', 'shop').read()).toBeNull()
  })

  test('reads the record while that is good', async () => {
    await webStorageStore('session', 'shop').write(first)
    expect(await webStorageStore('session', 'shop').read()).toEqual(first)
  })

  test('knows nothing of the other sessions of the origin', async () => {
    await webStorageStore('session', 'shop').write(storedRecord({ session: 'theirs', generation: 9 }))
    sessionStorage.setItem('shop', JSON.stringify(first))
    expect(await webStorageStore('session', 'shop').read()).toEqual(first)
  })
})

describe('without IndexedDB', () => {
  test.each(['local', 'session'] as const)('%s works as it is', async (kind) => {
    vi.stubGlobal('indexedDB', undefined)
    const store = webStorageStore(kind, 'shop')
    await store.write(first)
    expect(await store.read()).toEqual(first)
    await store.write(null)
    expect(await store.read()).toBeNull()
  })
})

test('the note in IndexedDB holds no token', async () => {
  await webStorageStore('local', 'shop').write(first)
  const database = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open('shop-commits')
    request.onsuccess = () => resolve(request.result)
  })
  const notes = await new Promise<unknown[]>((resolve) => {
    const request = database.transaction('latchkey').objectStore('latchkey').getAll()
    request.onsuccess = () => resolve(request.result)
  })
  database.close()
  expect(notes).toEqual([{ session: 'session-1', generation: 1 }])
})

test.each(['garbage', '{', '', '"text"', '5', '[]', 'null'])(
  '%j in it is handed on or is nothing, and throws nothing',
  async (text) => {
    localStorage.setItem('shop', text)
    const found: unknown = await webStorageStore('local', 'shop').read()
    expect(typeof (found as StoredTokens | null)?.accessToken).toBe('undefined')
  },
)

describe('a storage that fails', () => {
  const write = async (): Promise<void> => webStorageStore('local', 'shop').write(first)

  test('because it is full rejects the write, and keeps what it had', async () => {
    await webStorageStore('local', 'shop').write(storedRecord({ session: 'before' }))
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    await expect(write()).rejects.toMatchObject({ name: 'QuotaExceededError' })
    vi.restoreAllMocks()
    expect(await webStorageStore('local', 'shop').read()).toMatchObject({ session: 'before' })
  })

  test('by forgetting in silence rejects the write', async () => {
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {})
    await expect(write()).rejects.toThrow('not kept')
  })

  test('because the browser denies it rejects every use', async () => {
    vi.spyOn(globalThis, 'localStorage', 'get').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError')
    })
    await expect(Promise.resolve(webStorageStore('local', 'shop').read())).rejects.toMatchObject({
      name: 'SecurityError',
    })
    await expect(write()).rejects.toMatchObject({ name: 'SecurityError' })
  })
})

describe('another tab that writes', () => {
  const announce = (init: StorageEventInit): boolean => dispatchEvent(new StorageEvent('storage', init))

  test('to our key, or clears all, is heard', () => {
    const changed = vi.fn()
    const stop = webStorageStore('local', 'shop').subscribe?.(changed)
    announce({ key: 'shop', storageArea: localStorage })
    announce({ key: null, storageArea: localStorage })
    expect(changed).toHaveBeenCalledTimes(2)
    stop?.()
    announce({ key: 'shop', storageArea: localStorage })
    expect(changed).toHaveBeenCalledTimes(2)
  })

  test('to another key or another storage is not heard', () => {
    const changed = vi.fn()
    const stop = webStorageStore('local', 'shop').subscribe?.(changed)
    announce({ key: 'theme', storageArea: localStorage })
    announce({ key: 'shop', storageArea: sessionStorage })
    expect(changed).not.toHaveBeenCalled()
    stop?.()
  })

  test('is no matter of a store in sessionStorage', () => {
    const changed = vi.fn()
    const stop = webStorageStore('session', 'shop').subscribe?.(changed)
    announce({ key: 'shop', storageArea: sessionStorage })
    expect(changed).not.toHaveBeenCalled()
    stop?.()
  })
})

describe('without a name', () => {
  test.each(['local', 'session'] as const)('a store in %s is a function of the name', async (kind) => {
    await webStorageStore(kind)('shop').write(first)
    expect(await webStorageStore(kind, 'shop').read()).toEqual(first)
    expect(await webStorageStore(kind, 'forum').read()).toBeNull()
  })

  test.each([undefined, null, 'shop', 'Local', 'memory'])('and of the kind %j it is a TypeError', (kind) => {
    expect(() => webStorageStore(kind as 'local')).toThrow(
      new TypeError("webStorageStore takes 'local' or 'session'"),
    )
  })
})
