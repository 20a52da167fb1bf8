// @vitest-environment node
import { test } from 'vitest'
import { compareClients } from './support/play.js'

test('300 random stories come to the same through axios and through fetch', async () => {
  await compareClients({ runs: 300, tabs: [1, 2], hasStoreTrouble: false })
}, 180_000)
