/** `localStorage` for where there is none. @returns {import('./peers/peer.js').Place['storage']} */
export function createMemoryStorage() {
  /** @type {Map<string, string>} */
  const items = new Map()
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    // oidc-client-ts looks for keys by their place.
    key: (/** @type {number} */ index) => [...items.keys()][index] ?? null,
    get length() {
      return items.size
    },
  }
}
