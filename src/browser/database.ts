/** One object store of one IndexedDB database, opened when first used. */
export interface Database {
  /** Runs `work` in one transaction; resolves with what `result` gives once that is complete. */
  run<T>(mode: IDBTransactionMode, work: (records: IDBObjectStore) => () => T): Promise<T>
  close(): void
}

const storeName = 'latchkey'

export function createDatabase(name: string): Database {
  let opening: Promise<IDBDatabase> | undefined

  function open(): Promise<IDBDatabase> {
    opening ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name, 1)
      request.onupgradeneeded = () => request.result.createObjectStore(storeName)
      request.onerror = () => reject(request.error)
      request.onblocked = () => reject(new Error('blocked'))
      request.onsuccess = () => {
        const database = request.result
        // Deleted or upgraded by somebody else: make way, and open it afresh when next needed.
        database.onversionchange = database.onclose = () => {
          database.close()
          opening = undefined
        }
        resolve(database)
      }
    })
    opening.catch(() => {
      opening = undefined
    })
    return opening
  }

  return {
    async run(mode, work) {
      const database = await open()
      return new Promise((resolve, reject) => {
        const transaction = database.transaction(storeName, mode)
        const result = work(transaction.objectStore(storeName))
        transaction.oncomplete = () => resolve(result())
        transaction.onabort = () => reject(transaction.error)
      })
    },
    close() {
      opening?.then((database) => database.close()).catch(() => {})
      opening = undefined
    },
  }
}
