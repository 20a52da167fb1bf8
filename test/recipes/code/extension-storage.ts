import type { StoredTokens, TokenStore } from '../../../src/index.js'

/** The methods of `chrome.storage.local` and `chrome.storage.session`. */
interface ExtensionStorage {
  get(key: string): Promise<Record<string, unknown>>
  set(items: Record<string, unknown>): Promise<void>
  remove(key: string): Promise<void>
  onChanged: { addListener(listener: Listener): void; removeListener(listener: Listener): void }
}
type Listener = (changes: Record<string, unknown>) => void

export const extensionStore = (storage: ExtensionStorage, key = 'latchkey'): TokenStore => ({
  read: async () => ((await storage.get(key))[key] ?? null) as StoredTokens | null,
  write: (tokens) => (tokens ? storage.set({ [key]: tokens }) : storage.remove(key)),
  // This is how the worker, the popup and the pages of an extension notify each other.
  subscribe(changed) {
    const listener: Listener = (changes) => {
      if (key in changes) changed()
    }
    storage.onChanged.addListener(listener)
    return () => storage.onChanged.removeListener(listener)
  },
})
