// @vitest-environment node
import { test } from 'vitest'
import { isLong } from '../support/is-long.js'
import { compareClients } from './support/play.js'

const runs = isLong ? 300 : 60

test(`${runs} random stories come to the same through axios and through fetch`, async () => {
  await compareClients({ runs, tabs: [1, 2], hasStoreTrouble: false })
}, 3_600_000)
