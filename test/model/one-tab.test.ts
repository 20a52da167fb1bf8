// @vitest-environment node
import { test } from 'vitest'
import { playStories } from './support/play.js'

test.each([
  ['axios', 3000],
  ['fetch', 1000],
] as const)(
  '%s: %i random stories of one tab keep every invariant',
  async (client, runs) => {
    await playStories({ client, runs, tabs: [1, 1], hasStoreTrouble: false })
  },
  180_000,
)

test.each([
  ['axios', 3000],
  ['fetch', 1000],
] as const)(
  '%s: %i random stories of one tab with a failing store keep every invariant',
  async (client, runs) => {
    await playStories({ client, runs, tabs: [1, 1], hasStoreTrouble: true })
  },
  180_000,
)
