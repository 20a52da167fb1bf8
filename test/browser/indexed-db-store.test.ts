import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createDatabase } from '../../src/browser/database.js'
import { indexedDbStore } from '../../src/browser/indexed-db-store.js'
import { storedRecord } from '../support/stored-record.js'

beforeEach(() => vi.stubGlobal('indexedDB', new IDBFactory()))
afterEach(() => vi.unstubAllGlobals())

test('of two tabs that replace the same record, one succeeds', async () => {
  await indexedDbStore('shop').write(storedRecord())
  const versions = ['ours', 'theirs'].map((accessToken) => storedRecord({ generation: 2, accessToken }))
  const replaced = await Promise.all(
    versions.map((next) => indexedDbStore('shop').replace?.(storedRecord(), next)),
  )
  expect(replaced).toEqual([true, false])
  expect(await indexedDbStore('shop').read()).toEqual(versions[0])
})

test('the database has the name of the store', async () => {
  await indexedDbStore('shop').write(storedRecord())
  await indexedDbStore('forum').write(null)
  expect((await indexedDB.databases()).map(({ name }) => name).sort()).toEqual(['forum', 'shop'])
})

test('without a name it is a function of the name, and opens nothing', async () => {
  const open = indexedDbStore()
  expect(await indexedDB.databases()).toEqual([])
  await open('shop').write(storedRecord())
  expect(await indexedDbStore('shop').read()).toEqual(storedRecord())
})

test('garbage is handed on as it is, for the reader to judge', async () => {
  await createDatabase('shop').run('readwrite', (records) => {
    records.put('garbage', 'tokens')
    return () => {}
  })
  expect(await indexedDbStore('shop').read()).toBe('garbage')
})

test('works in a browser without transaction.commit', async () => {
  const { prototype } = (await import('fake-indexeddb')).IDBTransaction
  const { commit } = prototype
  Reflect.deleteProperty(prototype, 'commit')
  try {
    await indexedDbStore('shop').write(storedRecord())
    expect(await indexedDbStore('shop').read()).toEqual(storedRecord())
  } finally {
    prototype.commit = commit
  }
})

test('close closes the database', async () => {
  const store = indexedDbStore('shop')
  await store.write(storedRecord())
  store.close?.()
  const blocked = vi.fn()
  await new Promise((resolve) => {
    const request = indexedDB.open('shop', 2)
    request.onblocked = blocked
    request.onsuccess = resolve
  })
  expect(blocked).not.toHaveBeenCalled()
})
