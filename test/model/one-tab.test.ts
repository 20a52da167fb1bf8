// @vitest-environment node
import { test } from 'vitest'
import { playStories } from './support/play.js'

test('3,000 random stories of one tab keep every invariant', async () => {
  await playStories({ runs: 3000, tabs: [1, 1], hasStoreTrouble: false })
}, 180_000)

test('3,000 random stories of one tab with a failing store keep every invariant', async () => {
  await playStories({ runs: 3000, tabs: [1, 1], hasStoreTrouble: true })
}, 180_000)
