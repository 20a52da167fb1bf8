import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { buildEmptySite } from './empty-site.js'
import { serve } from './serve.js'

const rounds = 9
/** A phone of the middle class, by what Lighthouse assumes. */
const cpuSlowdown = 4

let browser: Browser
beforeAll(async () => {
  browser = await chromium.launch(inject('engines').chromium)
})
afterAll(() => browser?.close())

/** When the first text or picture is painted, in a browser that has never been here. */
async function firstPaintMs(url: string): Promise<number> {
  const context = await browser.newContext()
  const page = await context.newPage()
  const devTools = await context.newCDPSession(page)
  await devTools.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown })
  await page.goto(url)
  const paint = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => {
          const [entry] = list.getEntriesByName('first-contentful-paint')
          if (entry) resolve(entry.startTime)
        }).observe({ type: 'paint', buffered: true })
      }),
  )
  await context.close()
  return paint
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

test('the start page paints in at most twice the time that an empty VitePress site takes', async () => {
  const [site, empty] = await Promise.all([serve(), serve(buildEmptySite(), '/')])
  const ours: number[] = []
  const theirs: number[] = []
  // In turn, so that whatever else the machine does slows both.
  for (let round = 0; round < rounds; round++) {
    ours.push(await firstPaintMs(site.url))
    theirs.push(await firstPaintMs(empty.url))
  }
  site.close()
  empty.close()
  // It only ever adds: the quickest paint of each is the least disturbed, and has the verdict.
  const quickest = Math.min(...ours) / Math.min(...theirs)
  const middle = median(ours.map((ms, round) => ms / (theirs[round] ?? Number.NaN)))
  console.info(
    `first paint: ${Math.round(Math.min(...ours))} ms, an empty site ${Math.round(Math.min(...theirs))} ms; ` +
      `${quickest.toFixed(2)} times, and ${middle.toFixed(2)} by the median of ${rounds} rounds`,
  )
  expect(quickest).toBeLessThan(2)
})
