import type { StoredTokens, TokenStore } from '../../../src/index.js'

/** What `chrome.storage.local` and `chrome.storage.session` have. */
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
  // The worker, the popup and the pages of an extension tell each other so.
  subscribe(changed) {
    const listener: Listener = (changes) => {
      if (key in changes) changed()
    }
    storage.onChanged.addListener(listener)
    return () => storage.onChanged.removeListener(listener)
  },
})
