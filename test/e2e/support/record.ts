import { createDatabase } from '../../../src/browser/database.js'

const key = 'tokens'

/** The record that the store `indexeddb` or `local` keeps, as it is there. */
export async function readRecord(store: 'indexeddb' | 'local'): Promise<unknown> {
  if (store === 'local') return JSON.parse(localStorage.getItem('latchkey') ?? 'null')
  return inDatabase('readonly', (records) => {
    const request = records.get(key)
    return () => request.result
  })
}

export async function writeRecord(store: 'indexeddb' | 'local', record: unknown): Promise<void> {
  if (store === 'local') return localStorage.setItem('latchkey', JSON.stringify(record))
  await inDatabase('readwrite', (records) => {
    records.put(record, key)
    return () => {}
  })
}

async function inDatabase<T>(
  mode: IDBTransactionMode,
  work: (records: IDBObjectStore) => () => T,
): Promise<T> {
  const database = createDatabase('latchkey')
  try {
    return await database.run(mode, work)
  } finally {
    database.close()
  }
}
