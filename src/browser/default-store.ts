import { memoryStore, type TokenStore } from '../core/token-store.js'
import { indexedDbStore } from './indexed-db-store.js'

/** IndexedDB, or memory where there is none: on a server, too, where two users must share nothing. */
export const defaultStore = (name: string): TokenStore =>
  'indexedDB' in globalThis ? indexedDbStore(name) : memoryStore()
