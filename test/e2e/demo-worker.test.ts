import type { Page } from 'playwright'
import { describe, expect, test } from 'vitest'
import { run, untilRun, useDemo } from './support/demo-bench.js'
import { findBarriers, photographView } from './support/demo-look.js'

const demo = useDemo()

const verdictOf = async (page: Page, side: string): Promise<string> =>
  (await page.getByTestId(`verdict-${side}`).textContent()) ?? ''

const loadedIn = (page: Page, side: string): Promise<boolean[]> =>
  page
    .getByTestId(`gallery-${side}`)
    .locator('img')
    .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth > 0))

describe.concurrent('the scenes with a service worker', () => {
  test('#scenario=pictures: they load over an expiry with the worker, and are broken without it', async () => {
    await demo.visit(async ({ open, counters }) => {
      const page = await open('scenario=pictures')
      await untilRun(page)
      expect(await page.getByTestId('notice').textContent()).toBe('')
      expect(await loadedIn(page, 'without-worker')).toEqual(Array(12).fill(false))
      expect(await loadedIn(page, 'with-worker')).toEqual(Array(12).fill(true))
      expect(await verdictOf(page, 'without-worker')).toMatch(
        /0 of 12 pictures.*Still signed in · No\srefresh/,
      )
      expect(await verdictOf(page, 'with-worker')).toMatch(/12 of 12 pictures.*Still signed in · 1\srefresh/)
      expect(await page.getByTestId('outcome').textContent()).toMatch(
        /^With the worker, 12 of 12 pictures load; without it, 0/,
      )
      expect(await counters()).toMatchObject({
        'without-worker': { accepted: 0, refused: 12, refreshRequests: 0, sessions: 1 },
        'with-worker': { accepted: 12, refreshes: 1, reuseDetected: 0, sessions: 1 },
      })
    })
  })

  test('#scenario=reload: the worker brings the refresh to its end, and without it the user is signed out', async () => {
    await demo.visit(async ({ open, counters }) => {
      const page = await open('scenario=reload')
      await untilRun(page)
      expect(await page.getByTestId('notice').textContent()).toBe('')
      expect(await verdictOf(page, 'without-worker')).toMatch(/Signed out0 of 8 calls answered, 8 failed/)
      expect(await verdictOf(page, 'with-worker')).toMatch(
        /Still signed in8 of 8 calls answered · 1\srefresh$/,
      )
      expect(await page.getByTestId('outcome').textContent()).toMatch(
        /^Latchkey with a worker keeps the user signed in\. Latchkey without a worker signs them out\./,
      )
      expect(await counters()).toMatchObject({
        'without-worker': { refreshes: 1, reuseDetected: 1, sessionsLost: 1, sessions: 0 },
        'with-worker': { refreshes: 1, reuseDetected: 0, sessionsLost: 0, sessions: 1 },
      })
    })
  })

  for (const [width, height, colorScheme] of [
    [1440, 900, 'light'],
    [1280, 720, 'dark'],
    [390, 844, 'light'],
  ] as const) {
    test(`${width} × ${height}, ${colorScheme}: axe finds nothing serious, and nothing is wider than the screen`, async () => {
      await demo.visit(
        async ({ open }) => {
          const page = await open('scenario=pictures')
          await untilRun(page)
          await photographView(page, `pictures-${width}-${colorScheme}`)
          expect(await findBarriers(page)).toEqual([])
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
          await run(page, 'reload')
          await photographView(page, `reload-${width}-${colorScheme}`)
        },
        { viewport: { width, height }, colorScheme },
      )
    })
  }
})
