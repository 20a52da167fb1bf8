// @vitest-environment node
import { test } from 'vitest'
import { playStories } from './support/play.js'

test('5,000 random stories of several tabs keep every invariant', async () => {
  await playStories({ runs: 5000, tabs: [2, 3], hasStoreTrouble: false })
}, 180_000)

test('4,000 random stories of several tabs with a failing store keep every invariant', async () => {
  await playStories({ runs: 4000, tabs: [2, 3], hasStoreTrouble: true })
}, 180_000)
