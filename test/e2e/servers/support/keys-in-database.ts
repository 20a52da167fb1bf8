/** All keys that IndexedDB holds. Runs in the page, so it brings along all that it needs. */
export async function keysInDatabase(): Promise<{ type: string; extractable: boolean }[]> {
  const result = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  const keys: CryptoKey[] = []
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await result(indexedDB.open(name))
    for (const store of database.objectStoreNames) {
      const records: unknown[] = await result(database.transaction(store).objectStore(store).getAll())
      keys.push(
        ...records
          .flatMap((record) => Object.values(Object(record)))
          .filter((value) => value instanceof CryptoKey),
      )
    }
    database.close()
  }
  return keys.map(({ type, extractable }) => ({ type, extractable }))
}
