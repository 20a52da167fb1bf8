import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createDatabase, type Database } from '../../src/browser/database.js'

beforeEach(() => vi.stubGlobal('indexedDB', new IDBFactory()))
afterEach(() => vi.unstubAllGlobals())

const put = (database: Database, value: unknown): Promise<void> =>
  database.run('readwrite', (records) => {
    records.put(value, 'key')
    return () => {}
  })

const get = (database: Database): Promise<unknown> =>
  database.run('readonly', (records) => {
    const request = records.get('key')
    return () => request.result
  })

/** Deletes the database; resolves with whether an open connection stood in the way. */
const remove = (name: string): Promise<boolean> =>
  new Promise((resolve) => {
    let wasBlocked = false
    const request = indexedDB.deleteDatabase(name)
    request.onblocked = () => {
      wasBlocked = true
    }
    request.onsuccess = () => resolve(wasBlocked)
  })

test('what one transaction wrote the next one reads, in another tab as well', async () => {
  await put(createDatabase('shop'), 7)
  expect(await get(createDatabase('shop'))).toBe(7)
  expect(await get(createDatabase('other'))).toBeUndefined()
})

test('is opened when first used, and once', async () => {
  const open = vi.spyOn(indexedDB, 'open')
  const database = createDatabase('shop')
  expect(open).not.toHaveBeenCalled()
  await Promise.all([put(database, 1), get(database), get(database)])
  expect(open).toHaveBeenCalledTimes(1)
})

test('a value that cannot be kept rejects, and the next one is kept', async () => {
  const database = createDatabase('shop')
  await expect(put(database, () => {})).rejects.toThrow()
  await put(database, 8)
  expect(await get(database)).toBe(8)
})

test('a transaction that is aborted rejects', async () => {
  const database = createDatabase('shop')
  const aborted = database.run('readwrite', (records) => {
    records.put(1, 'key')
    records.transaction.abort()
    return () => 'done'
  })
  await expect(aborted).rejects.toBeDefined()
  expect(await get(database)).toBeUndefined()
})

test('makes way for who deletes it, and is opened afresh', async () => {
  const database = createDatabase('shop')
  await put(database, 1)
  expect(await remove('shop')).toBe(false)
  expect(await get(database)).toBeUndefined()
  await put(database, 2)
  expect(await get(database)).toBe(2)
})

test('close lets go of it, twice as well, and before it was opened', async () => {
  const database = createDatabase('shop')
  database.close()
  await put(database, 1)
  database.close()
  database.close()
  expect(await remove('shop')).toBe(false)
})

test('a database that cannot be opened is tried again the next time', async () => {
  const { indexedDB: real } = globalThis
  vi.stubGlobal('indexedDB', {
    open() {
      throw new DOMException('no', 'SecurityError')
    },
  })
  const database = createDatabase('shop')
  await expect(get(database)).rejects.toMatchObject({ name: 'SecurityError' })
  vi.stubGlobal('indexedDB', real)
  expect(await get(database)).toBeUndefined()
})

test('a database of a later version, or of somebody else, rejects', async () => {
  const made = (name: string, version: number): Promise<void> =>
    new Promise((resolve) => {
      const request = indexedDB.open(name, version)
      request.onupgradeneeded = () => request.result.createObjectStore('theirs')
      request.onsuccess = () => {
        request.result.close()
        resolve()
      }
    })
  await made('later', 2)
  await made('theirs', 1)
  await expect(get(createDatabase('later'))).rejects.toMatchObject({ name: 'VersionError' })
  await expect(get(createDatabase('theirs'))).rejects.toMatchObject({ name: 'NotFoundError' })
})

test('without IndexedDB every use rejects', async () => {
  vi.stubGlobal('indexedDB', undefined)
  await expect(get(createDatabase('shop'))).rejects.toBeInstanceOf(TypeError)
})
