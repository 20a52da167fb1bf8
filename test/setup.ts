import { afterEach, beforeEach, expect } from 'vitest'

// Taken before a test can replace the clock.
const { setImmediate } = globalThis

let unhandledRejections: unknown[]
const collect = (reason: unknown): number => unhandledRejections.push(reason)

beforeEach(() => {
  unhandledRejections = []
  process.on('unhandledRejection', collect)
})

afterEach(async () => {
  // Node reports a rejection once the microtasks that could have handled it are done.
  await new Promise((resolve) => setImmediate(resolve))
  // From here on vitest listens again, which stands back while others do: what comes later fails the run.
  process.off('unhandledRejection', collect)
  expect(unhandledRejections, 'unhandled rejections').toEqual([])
})
