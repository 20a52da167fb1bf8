// @vitest-environment node
import { test } from 'vitest'
import { isLong } from '../support/is-long.js'
import { playStories } from './support/play.js'

test.each([
  ['axios', isLong ? 5000 : 150],
  ['fetch', isLong ? 1500 : 50],
] as const)(
  '%s: %i random stories of several tabs keep every invariant',
  async (client, runs) => {
    await playStories({ client, runs, tabs: [2, 3], hasStoreTrouble: false })
  },
  3_600_000,
)

test.each([
  ['axios', isLong ? 4000 : 125],
  ['fetch', isLong ? 1000 : 40],
] as const)(
  '%s: %i random stories of several tabs with a failing store keep every invariant',
  async (client, runs) => {
    await playStories({ client, runs, tabs: [2, 3], hasStoreTrouble: true })
  },
  3_600_000,
)
