import { memoryStore, type TokenStore } from '../core/token-store.js'
import { isBrowser } from './browser-environment.js'
import { fallbackStore } from './fallback-store.js'
import { indexedDbStore } from './indexed-db-store.js'
import { webStorageStore } from './web-storage-store.js'

export const storeNames = ['indexeddb', 'local', 'session', 'memory'] as const
export type StoreName = (typeof storeNames)[number]

/** The store of that name, and what to do without it. A store that is not there at all is passed over in silence. */
export function storeByName(kind: StoreName, name: string, onFailure: (reason: string) => void): TokenStore {
  if (kind === 'memory' || !isBrowser()) return memoryStore()
  const stores: TokenStore[] = []
  if (kind === 'indexeddb' && 'indexedDB' in globalThis) stores.push(indexedDbStore(name))
  stores.push(webStorageStore(kind === 'session' ? 'session' : 'local', name), memoryStore())
  return fallbackStore(stores, onFailure)
}
