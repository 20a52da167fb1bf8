/** One object store of one IndexedDB database, opened when first used. */
export interface Database {
  /** Runs `work` in one transaction; resolves with what `result` gives once that is complete. */
  run<T>(mode: IDBTransactionMode, work: (records: IDBObjectStore) => () => T): Promise<T>
  close(): void
}

const storeName = 'latchkey'

export function createDatabase(name: string): Database {
  let opening: Promise<IDBDatabase> | undefined
  let isClosed = false

  function open(): Promise<IDBDatabase> {
    if (opening) return opening
    const own = new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name, 1)
      request.onupgradeneeded = () => request.result.createObjectStore(storeName)
      request.onerror = () => reject(request.error)
      request.onblocked = () => reject(new Error('blocked'))
      request.onsuccess = () => {
        const database = request.result
        // Another script deletes or upgrades the database: close, and open it again when it is needed.
        database.onversionchange = database.onclose = () => {
          database.close()
          forget(own)
        }
        resolve(database)
      }
    })
    own.catch(() => forget(own))
    opening = own
    return own
  }

  function forget(connection: Promise<IDBDatabase>): void {
    if (opening === connection) opening = undefined
  }

  return {
    async run(mode, work) {
      const connection = open()
      const database = await connection
      let transaction: IDBTransaction
      try {
        transaction = database.transaction(storeName, mode)
      } catch (error) {
        // Safari closes the connections of pages in the background, without an event at times.
        forget(connection)
        throw error
      }
      return new Promise((resolve, reject) => {
        const result = work(transaction.objectStore(storeName))
        transaction.oncomplete = () => {
          if (isClosed) database.close()
          resolve(result())
        }
        transaction.onabort = () => reject(transaction.error)
      })
    },
    close() {
      isClosed = true
      opening?.then((database) => database.close()).catch(() => {})
      opening = undefined
    },
  }
}
