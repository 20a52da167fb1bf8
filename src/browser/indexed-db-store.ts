import { ownFields } from '../core/own-fields.js'
import type { TokenStore } from '../core/token-store.js'
import { isSameVersion, type StoredTokens } from '../core/tokens.js'
import { createDatabase } from './database.js'

const key = 'tokens'

/**
 * Keeps the tokens in IndexedDB, for all tabs of the origin. Its reads under a lock see what another tab wrote before
 * it released the lock; those of localStorage do not.
 *
 * @param name of the database; without one, a function of the session's name
 */
export function indexedDbStore(name: string): TokenStore
export function indexedDbStore(): (name: string) => TokenStore
export function indexedDbStore(name?: string): TokenStore | ((name: string) => TokenStore) {
  if (name === undefined) return indexedDbStore
  const database = createDatabase(name)
  return ownFields<TokenStore>({
    read: () =>
      database.run('readonly', (records) => {
        const request: IDBRequest<StoredTokens | undefined> = records.get(key)
        return () => request.result ?? null
      }),
    write: (tokens) =>
      database.run('readwrite', (records) => {
        if (tokens) records.put(tokens, key)
        else records.delete(key)
        // Commits at once, since the page may be closed in the next moment.
        records.transaction.commit?.()
        return () => {}
      }),
    replace: (expected, next) =>
      database.run('readwrite', (records) => {
        let isReplaced = false
        const request: IDBRequest<StoredTokens | undefined> = records.get(key)
        request.onsuccess = () => {
          isReplaced = isSameVersion(request.result ?? null, expected)
          if (isReplaced && next) records.put(next, key)
          else if (isReplaced) records.delete(key)
        }
        return () => isReplaced
      }),
    close: database.close,
  })
}
