import { setTimeout as sleep } from 'node:timers/promises'
import { call, launch, open, pageFiles } from '../browser.mjs'
import { peers } from '../peers/index.mjs'
import { median } from '../quantile.mjs'
import { startServer } from '../server.mjs'
import { fixed, tableOf } from '../table.mjs'

const held = 1000
const refreshMs = 100
const turns = 3

/**
 * A thousand requests that meet an expired token, over one refresh and the same thousand with a valid one. Where the
 * peer knows the expiry that is what it costs to hold them; where it does not, they go out twice.
 */
export async function measureHeldRequests() {
  const files = await pageFiles()
  const browser = await launch()
  const rows = []
  for (const [key, { name }] of Object.entries(peers)) {
    const server = await startServer({ files, refreshMs })
    const context = await browser.newContext()
    const tab = await open(context, server.origin, { peer: key, expiry: 'known', aheadMs: '0' })
    const ratios = []
    let failed = 0
    for (let turn = -1; turn < turns; turn++) {
      // Oldest first or newest first makes no difference to a ratio that is taken in each turn.
      server.settings.lifeMs = 3_600_000
      await call(tab, 'signIn', server.signIn())
      const valid = await call(tab, 'time', held)
      server.settings.lifeMs = 50
      await call(tab, 'signIn', server.signIn())
      server.settings.lifeMs = 3_600_000
      await sleep(1100)
      const expired = await call(tab, 'time', held)
      if (turn < 0) continue
      failed += held - expired.accepted
      ratios.push(expired.tookMs / (valid.tookMs + refreshMs))
    }
    rows.push([name, fixed(median(ratios)), failed > 0 ? `${failed} of ${turns * held}` : 0])
    await context.close()
    await server.close()
  }
  await browser.close()
  const table = tableOf(
    [
      `Last of ${held} held requests ÷ (one refresh + ${held} with a valid token), Chromium`,
      'median',
      'failed',
    ],
    [['physical limit', '1.00', 0], ...rows],
  )
  return { tables: [table] }
}
