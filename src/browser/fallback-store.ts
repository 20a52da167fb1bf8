import { attempt } from '../core/attempt.js'
import { nameOf } from '../core/errors.js'
import { replaceTokens, type TokenStore } from '../core/token-store.js'
import type { StoredTokens } from '../core/tokens.js'

/**
 * The first of `stores` that can be read. Which one that is, is found out when first needed; the last must always work. Who
 * wants to hear of changes subscribes before that.
 */
export function fallbackStore(
  stores: readonly TokenStore[],
  onFallback: (reason: string) => void,
): TokenStore {
  let choosing: ReturnType<typeof choose> | undefined
  let onChange: (() => void) | undefined
  let stopListening: (() => void) | undefined

  async function choose(): Promise<{ store: TokenStore; found: StoredTokens | null }> {
    for (const store of stores) {
      // Before it is read, so that nothing is missed in between. Not to all of them: in Chromium the first listener for
      // `storage` events holds the page up for milliseconds.
      stopListening = onChange && store.subscribe?.(onChange)
      try {
        return { store, found: await store.read() }
      } catch (error) {
        stopListening?.()
        onFallback(nameOf(error))
      }
    }
    throw new Error('no store')
  }

  async function chosen(): Promise<TokenStore> {
    choosing ??= choose()
    return (await choosing).store
  }

  return {
    async read() {
      if (choosing) return (await chosen()).read()
      choosing = choose()
      return (await choosing).found
    },
    async write(tokens) {
      const store = await chosen()
      await store.write(tokens)
      // What an earlier failure left in the next ones would come back with the next failure.
      for (const other of stores.slice(stores.indexOf(store) + 1)) {
        await Promise.resolve(attempt(() => other.write(null))).catch(() => {})
      }
    },
    replace: async (expected, next) => replaceTokens(await chosen(), expected, next),
    subscribe(changed) {
      onChange = changed
      return () => {
        onChange = undefined
        stopListening?.()
      }
    },
    close() {
      for (const store of stores) store.close?.()
    },
  }
}
