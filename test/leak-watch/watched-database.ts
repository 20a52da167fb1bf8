import type { createDatabase } from '../../src/browser/database.js'
import { leakWatch } from './leak-watch.js'

/** Reads the name of every IndexedDB database that `create` opens, and the key of all that is put into it. */
export function watchDatabases(create: typeof createDatabase): typeof createDatabase {
  return (name) => {
    const database = create(name)
    return {
      ...database,
      run(mode, work) {
        leakWatch.saw('the name of a database', name)
        return database.run(mode, (records) => {
          const { put } = records
          records.put = (value, key) => {
            leakWatch.saw('a key in IndexedDB', String(key))
            return put.call(records, value, key)
          }
          return work(records)
        })
      },
    }
  }
}
