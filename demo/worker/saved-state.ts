import type { RefreshTokenRow } from '../backend/refresh-token-table.js'
import { type SideName, sideNames } from '../backend/side-names.js'
import { type BackendState, createState } from '../backend/state.js'

/** All that the worker must know again after the browser has stopped it, which it does whenever it likes. */
export interface SavedState {
  secret: Uint8Array
  backend: BackendState
  refreshTokens: Record<SideName, Record<string, RefreshTokenRow>>
  cookies: Record<string, string>
}

/** Reads what was kept, or begins anew; `save` resolves when the state as it is now is on the disk. */
export async function openSavedState(): Promise<{ state: SavedState; save(): Promise<void> }> {
  const database = await open()
  const store = (mode: IDBTransactionMode): IDBObjectStore =>
    database.transaction(recordStore, mode).objectStore(recordStore)
  const state = (await settled<SavedState | undefined>(store('readonly').get(key))) ?? beginState()
  let last: Promise<unknown> = Promise.resolve()
  let next: Promise<void> | null = null

  return {
    state,
    /** One at a time: all who ask while one is under way share the next. */
    save() {
      next ??= last.then(async () => {
        next = null
        last = settled(store('readwrite').put(state, key))
        await last
      })
      return next
    },
  }
}

const name = 'latchkey-demo-server'
/** Rises with the shape of the state: what an older demo has kept is of no use to a newer one. */
const version = 3
const recordStore = 'state'
const key = 'all'

function beginState(): SavedState {
  return {
    secret: crypto.getRandomValues(new Uint8Array(32)),
    backend: createState(),
    refreshTokens: Object.fromEntries(sideNames.map((side) => [side, {}])) as SavedState['refreshTokens'],
    cookies: {},
  }
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(name, version)
  request.onupgradeneeded = () => {
    const { result: database } = request
    if (database.objectStoreNames.contains(recordStore)) database.deleteObjectStore(recordStore)
    database.createObjectStore(recordStore)
  }
  return settled(request)
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
