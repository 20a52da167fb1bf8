import { attempt } from '../core/attempt.js'
import { nameOf } from '../core/errors.js'
import { replaceTokens, type TokenStore } from '../core/token-store.js'

/**
 * The first of `stores` that can be read. Which one that is, is found out when first needed; the last must always work.
 */
export function fallbackStore(
  stores: readonly TokenStore[],
  onFallback: (reason: string) => void,
): TokenStore {
  let choosing: Promise<TokenStore> | undefined

  async function choose(): Promise<TokenStore> {
    for (const store of stores) {
      try {
        await store.read()
        return store
      } catch (error) {
        onFallback(nameOf(error))
      }
    }
    throw new Error('no store')
  }

  const chosen = (): Promise<TokenStore> => {
    choosing ??= choose()
    return choosing
  }

  return {
    read: async () => (await chosen()).read(),
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
      const removals = stores.map((store) => store.subscribe?.(changed))
      return () => {
        for (const remove of removals) remove?.()
      }
    },
    close() {
      for (const store of stores) store.close?.()
    },
  }
}
