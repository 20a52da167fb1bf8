import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createDatabase } from '../../src/browser/database.js'
import { indexedDbStore } from '../../src/browser/indexed-db-store.js'
import { storedRecord } from '../support/stored-record.js'

beforeEach(() => vi.stubGlobal('indexedDB', new IDBFactory()))
afterEach(() => vi.unstubAllGlobals())

test('of two tabs that replace the same record one succeeds', async () => {
  await indexedDbStore().write(storedRecord())
  const renewals = ['ours', 'theirs'].map((accessToken) => storedRecord({ generation: 2, accessToken }))
  const replaced = await Promise.all(renewals.map((next) => indexedDbStore().replace?.(storedRecord(), next)))
  expect(replaced).toEqual([true, false])
  expect(await indexedDbStore().read()).toEqual(renewals[0])
})

test('the database is named as the store is, "latchkey" by default', async () => {
  await indexedDbStore().write(storedRecord())
  await indexedDbStore('shop').write(null)
  expect((await indexedDB.databases()).map(({ name }) => name).sort()).toEqual(['latchkey', 'shop'])
})

test('garbage is handed on as it is, for the reader to judge', async () => {
  await createDatabase('latchkey').run('readwrite', (records) => {
    records.put('garbage', 'tokens')
    return () => {}
  })
  expect(await indexedDbStore().read()).toBe('garbage')
})

test('works in a browser without transaction.commit', async () => {
  const { prototype } = (await import('fake-indexeddb')).IDBTransaction
  const { commit } = prototype
  Reflect.deleteProperty(prototype, 'commit')
  try {
    await indexedDbStore().write(storedRecord())
    expect(await indexedDbStore().read()).toEqual(storedRecord())
  } finally {
    prototype.commit = commit
  }
})

test('close lets go of the database', async () => {
  const store = indexedDbStore()
  await store.write(storedRecord())
  store.close?.()
  const blocked = vi.fn()
  await new Promise((resolve) => {
    const request = indexedDB.open('latchkey', 2)
    request.onblocked = blocked
    request.onsuccess = resolve
  })
  expect(blocked).not.toHaveBeenCalled()
})
