// @vitest-environment node
import { test } from 'vitest'
import { isLong } from '../support/is-long.js'
import { playStories } from './support/play.js'

test.each([
  ['axios', isLong ? 3000 : 150],
  ['fetch', isLong ? 1000 : 50],
] as const)(
  '%s: %i random stories of one tab keep every invariant',
  async (client, runs) => {
    await playStories({ client, runs, tabs: [1, 1], hasStoreTrouble: false })
  },
  3_600_000,
)

test.each([
  ['axios', isLong ? 3000 : 150],
  ['fetch', isLong ? 1000 : 50],
] as const)(
  '%s: %i random stories of one tab with a failing store keep every invariant',
  async (client, runs) => {
    await playStories({ client, runs, tabs: [1, 1], hasStoreTrouble: true })
  },
  3_600_000,
)
