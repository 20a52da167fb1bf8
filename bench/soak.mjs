// `npm run soak -- --minutes=60`: three tabs of one user, 50 requests a second between them, tokens that live 15 s, and a
// server and a network that fail now and then. No request may be lost that the network did not lose, no session may end,
// and the heaps must stay flat. The exit code says whether all of that was so.
import { setTimeout as sleep } from 'node:timers/promises'
import { call, launch, open, pageFiles } from './browser.mjs'
import { quantile } from './quantile.mjs'
import { startServer } from './server.mjs'
import { fixed, tableOf } from './table.mjs'

const minutes = Number(/--minutes=([\d.]+)/.exec(process.argv.join(' '))?.[1] ?? 60)
const tabCount = 3
const everyMs = (1000 * tabCount) / 50
/** So long is a report's stretch. */
const stretchMs = Math.min(60_000, (minutes * 60_000) / 4)

/** Never twice in a row, which would be an outage: then requests must fail. @type {[share: number, fault: import('./server.mjs').Fault][]} */
const faults = [
  [0.1, 'unavailable'],
  [0.15, 'lost request'],
  [0.2, 'lost reply'],
]
let wasFault = false
function fault() {
  const chance = wasFault ? 1 : Math.random()
  const found = faults.find(([share]) => chance < share)?.[1]
  wasFault = found !== undefined
  return found
}

const server = await startServer({
  files: await pageFiles(),
  lifeMs: 15_000,
  refreshMs: 30,
  graceMs: 60_000,
  fault,
})
const browser = await launch()
const context = await browser.newContext()
const options = { peer: 'latchkey', expiry: 'known', aheadMs: '0', patienceMs: '30000' }
const tabs = await Promise.all(Array.from({ length: tabCount }, () => open(context, server.origin, options)))
await call(tabs[0], 'signIn', server.signIn())
await sleep(500)

/** @param {import('playwright').Page} tab */
async function heapOf(tab) {
  const cdp = await context.newCDPSession(tab)
  for (let time = 0; time < 3; time++) await cdp.send('HeapProfiler.collectGarbage')
  const { usedSize } = await cdp.send('Runtime.getHeapUsage')
  await cdp.detach()
  return usedSize
}

let sent = 0
let lost = 0
const slowest = []
const heaps = []
// Now and then the server takes back tokens that are good by themselves.
const revoking = setInterval(server.expire, 40_000)
const endsAt = Date.now() + minutes * 60_000
while (Date.now() < endsAt) {
  const samples = await Promise.all(tabs.map((tab) => call(tab, 'keepBusy', { everyMs, forMs: stretchMs })))
  sent += samples.flat().length
  lost += samples.flat().filter(({ isAccepted }) => !isAccepted).length
  slowest.push(
    quantile(
      samples.flat().map(({ tookMs }) => tookMs),
      1,
    ),
  )
  heaps.push((await Promise.all(tabs.map(heapOf))).reduce((sum, one) => sum + one, 0) / 1e6)
  console.error(
    `${heaps.length} × ${stretchMs / 1000} s: ${sent} sent, ${lost} lost, ${fixed(heaps.at(-1) ?? 0)} MB`,
  )
}
clearInterval(revoking)
await browser.close()
await server.close()

// The first stretch warms up. What grows, grows by the second half.
const settled = heaps.slice(1)
const half = Math.ceil(settled.length / 2)
const mean = (/** @type {number[]} */ list) => list.reduce((sum, one) => sum + one, 0) / list.length
const grownMB = mean(settled.slice(half)) - mean(settled.slice(0, half))
const { refreshes, refreshCalls, revoked } = server.counters
console.log(
  tableOf(
    [`Soak of ${minutes} min`, 'figure'],
    [
      ['requests', sent],
      ['lost', lost],
      ['refresh calls, answered with tokens', `${refreshCalls}, ${refreshes}`],
      ['sessions lost', revoked],
      ['slowest request, ms', fixed(Math.max(...slowest), 0)],
      ['heap of all tabs, second half less first, MB', fixed(grownMB)],
    ],
  ),
)
const isFlat = grownMB < 1
if (lost > 0 || revoked > 0 || !isFlat) process.exitCode = 1
