import { systemClock } from '../core/clock.js'
import { ownFields } from '../core/own-fields.js'
import type { TokenStore } from '../core/token-store.js'
import type { StoredTokens } from '../core/tokens.js'
import { createDatabase } from './database.js'

/** What was last committed, without the tokens. */
type Commit = Pick<StoredTokens, 'session' | 'generation'> | null

const catchUpMs = 300
const stepMs = 10

/**
 * Keeps the tokens in localStorage, for all tabs of the origin, or in sessionStorage, for this tab alone.
 *
 * Another process sees a localStorage write late, often later than it gets the lock (whatwg/html#403). So IndexedDB keeps
 * a note of the last commit, and `read` waits until localStorage has caught up with it. In sessionStorage the note shows
 * that a duplicated tab holds a refresh token which the original tab has spent, and must not send it.
 *
 * @param name of the storage key, and of the IndexedDB database with the note; without one, a function of the session's
 * name
 */
export function webStorageStore(kind: 'local' | 'session', name: string): TokenStore
export function webStorageStore(kind: 'local' | 'session'): (name: string) => TokenStore
export function webStorageStore(
  kind: 'local' | 'session',
  name?: string,
): TokenStore | ((name: string) => TokenStore) {
  if (kind !== 'local' && kind !== 'session')
    throw new TypeError("webStorageStore takes 'local' or 'session'")
  if (name === undefined) return (name) => webStorageStore(kind, name)
  const key = name
  const database = createDatabase(`${key}-commits`)
  const storage = (): Storage => (kind === 'local' ? localStorage : sessionStorage)
  const noteOf = (commit: Commit): string => (kind === 'local' ? 'local' : `tab ${commit?.session}`)

  function peek(): unknown {
    const text = storage().getItem(key)
    try {
      return text === null ? null : JSON.parse(text)
    } catch {
      return text // for the caller to throw away
    }
  }

  /** `undefined` where there is no note, or no IndexedDB to keep it. */
  function readNote(of: Commit): Promise<Commit | undefined> {
    return database
      .run('readonly', (records) => {
        const request: IDBRequest<Commit | undefined> = records.get(noteOf(of))
        return () => request.result
      })
      .catch(() => undefined)
  }

  async function note(of: Commit, commit: Commit): Promise<void> {
    await database
      .run('readwrite', (records) => {
        if (commit || kind === 'local') records.put(commit, noteOf(of))
        else records.delete(noteOf(of))
        records.transaction.commit?.()
        return () => {}
      })
      .catch(() => {})
  }

  async function read(): Promise<StoredTokens | null> {
    for (const startedAt = Date.now(); ; ) {
      const found = peek() as StoredTokens | null
      const committed = await readNote(found)
      if (committed === undefined) return found
      const isBehind =
        committed?.session !== found?.session || (committed?.generation ?? 0) > (found?.generation ?? 0)
      if (!isBehind) return found
      if (kind === 'session') return null
      if (Date.now() - startedAt > catchUpMs) return found
      await new Promise<void>((resolve) => systemClock.after(stepMs, resolve))
    }
  }

  return ownFields<TokenStore>({
    read,
    write(tokens) {
      const before = peek() as Commit
      if (!tokens) {
        storage().removeItem(key)
        return note(before, null)
      }
      const text = JSON.stringify(tokens)
      storage().setItem(key, text)
      if (storage().getItem(key) !== text) throw new Error('not kept')
      return note(tokens, { session: tokens.session, generation: tokens.generation })
    },
    subscribe(changed) {
      if (kind === 'session' || typeof addEventListener !== 'function') return () => {}
      const onStorage = (event: StorageEvent): void => {
        if ((event.key === key || event.key === null) && event.storageArea === storage()) changed()
      }
      addEventListener('storage', onStorage)
      return () => removeEventListener('storage', onStorage)
    },
    close: database.close,
  })
}
