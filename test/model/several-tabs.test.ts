// @vitest-environment node
import { test } from 'vitest'
import { playStories } from './support/play.js'

test.each([
  ['axios', 5000],
  ['fetch', 1500],
] as const)(
  '%s: %i random stories of several tabs keep every invariant',
  async (client, runs) => {
    await playStories({ client, runs, tabs: [2, 3], hasStoreTrouble: false })
  },
  180_000,
)

test.each([
  ['axios', 4000],
  ['fetch', 1000],
] as const)(
  '%s: %i random stories of several tabs with a failing store keep every invariant',
  async (client, runs) => {
    await playStories({ client, runs, tabs: [2, 3], hasStoreTrouble: true })
  },
  180_000,
)
