import { indexedDbStore, type TokenStore } from '../../../src/index.js'

/** IndexedDB on a slow day: what was read takes its time to arrive. */
export function createSlowStore(): { store: TokenStore; down(ms: number): void; hasRead(): Promise<void> } {
  const inner = indexedDbStore('latchkey')
  let delayMs = 0
  let tellRead = (): void => {}
  const hasRead = new Promise<void>((resolve) => {
    tellRead = resolve
  })
  return {
    store: {
      ...inner,
      async read() {
        const found = await inner.read()
        if (delayMs > 0) {
          tellRead()
          await new Promise((resolve) => setTimeout(resolve, delayMs))
        }
        return found
      },
    },
    down(ms) {
      delayMs = ms
    },
    hasRead: () => hasRead,
  }
}
