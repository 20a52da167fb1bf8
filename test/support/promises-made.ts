import { createHook } from 'node:async_hooks'

/** How many promises come into being until `work` has settled. */
export async function promisesMadeBy(work: () => Promise<unknown>): Promise<number> {
  let count = 0
  const hook = createHook({
    init(_, type) {
      if (type === 'PROMISE') count++
    },
  }).enable()
  try {
    await work()
  } finally {
    hook.disable()
  }
  return count
}
