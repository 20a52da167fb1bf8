import { afterEach, beforeEach, expect } from 'vitest'
import { takeLeftovers, watchLeftovers } from './leak-watch/leftovers.js'

// Taken before a test can replace the clock.
const { setImmediate } = globalThis

let unhandledRejections: unknown[]
const collect = (reason: unknown): number => unhandledRejections.push(reason)

watchLeftovers()

beforeEach(({ onTestFinished }) => {
  unhandledRejections = []
  process.on('unhandledRejection', collect)
  // The first to be asked for is the last to be called: after all that the test itself cleans up.
  onTestFinished(async () => {
    expect(await takeLeftovers(), 'what disposed sessions left behind').toEqual([])
  })
})

afterEach(async () => {
  // Node reports a rejection once the microtasks that could have handled it are done.
  await new Promise((resolve) => setImmediate(resolve))
  // From here on vitest listens again, which stands back while others do: what comes later fails the run.
  process.off('unhandledRejection', collect)
  expect(unhandledRejections, 'unhandled rejections').toEqual([])
})
