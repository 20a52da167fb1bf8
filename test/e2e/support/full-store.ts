import { indexedDbStore, type TokenStore } from '../../../src/index.js'

/** IndexedDB that can be read, and from `fillUp` on neither written nor cleared, in this page. */
export function createFullStore(): { store: TokenStore; fillUp(): void } {
  const inner = indexedDbStore('latchkey')
  let isFull = false
  const demandRoom = (): void => {
    if (isFull) throw new DOMException('There is no room left.', 'QuotaExceededError')
  }
  return {
    store: {
      ...inner,
      async write(tokens) {
        demandRoom()
        await inner.write(tokens)
      },
      async replace(expected, next) {
        demandRoom()
        return (await inner.replace?.(expected, next)) === true
      },
    },
    fillUp() {
      isFull = true
    },
  }
}
