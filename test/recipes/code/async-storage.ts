import type { StoredTokens, TokenStore } from '../../../src/index.js'

/** The methods of React Native's AsyncStorage. Keychain libraries need little change. */
interface AsyncStorage {
  getItem(key: string): Promise<string | null>
  setItem(key: string, value: string): Promise<void>
  removeItem(key: string): Promise<void>
}

export const asyncStorageStore = (storage: AsyncStorage, key = 'latchkey'): TokenStore => ({
  async read() {
    const text = await storage.getItem(key)
    return text === null ? null : (JSON.parse(text) as StoredTokens)
  },
  write: (tokens) => (tokens ? storage.setItem(key, JSON.stringify(tokens)) : storage.removeItem(key)),
})
