import type { Page } from 'playwright'
import { describe, expect, test } from 'vitest'
import { scenarioNames } from '../../demo/page/scenario-names.js'
import { run, untilRun, useDemo, type VisitorCounters } from './support/demo-bench.js'
import { findBarriers, photograph } from './support/demo-look.js'

const demo = useDemo()

interface Outcome {
  latchkey: Partial<VisitorCounters>
  copied?: Partial<VisitorCounters>
  /** Whether the user is still signed in when it is over. */
  stays: boolean
}

/** A refresh that meets trouble which passes: the session is kept, and the copied interceptor loses it. */
const survived: Outcome = {
  latchkey: { refused: 8, accepted: 8, refreshes: 1, reuseDetected: 0, sessionsLost: 0, sessions: 1 },
  copied: { sessionsLost: 1, sessions: 0 },
  stays: true,
}
const kept: Outcome = {
  latchkey: { refused: 8, accepted: 0, refreshes: 0, reuseDetected: 0, sessionsLost: 0, sessions: 1 },
  copied: { sessionsLost: 1, sessions: 0 },
  stays: true,
}

/** The slowest first, for five run at a time. */
const outcomes: Record<string, Outcome> = {
  'refresh-hang': kept,
  burst: {
    latchkey: { requests: 40, refused: 20, accepted: 20, refreshRequests: 1, refreshes: 1, sessionsLost: 0 },
    copied: { refused: 20, refreshRequests: 20, reuseDetected: 1, sessionsLost: 1, sessions: 0 },
    stays: true,
  },
  'expired&lifetime=4': {
    latchkey: { requests: 20, refused: 0, accepted: 20, refreshes: 1, sessionsLost: 0 },
    stays: true,
  },
  single: { latchkey: { requests: 1, accepted: 1, refreshes: 0 }, stays: true },
  leave: { latchkey: { refused: 8, accepted: 0, refreshes: 1, sessions: 0 }, stays: false },
  tabs: { latchkey: { refused: 8, accepted: 8, refreshes: 1 }, stays: true },
  'refresh-slow': { latchkey: { refused: 8, accepted: 8, refreshRequests: 1, refreshes: 1 }, stays: true },
  'refresh-401': {
    latchkey: { refused: 8, accepted: 0, refreshes: 0, refreshesRefused: 1, sessionsLost: 1 },
    copied: { sessionsLost: 1 },
    stays: false,
  },
  'refresh-403': survived,
  'refresh-429': survived,
  'refresh-500': survived,
  'refresh-html': kept,
  'refresh-empty': kept,
  dropped: {
    latchkey: { refused: 8, accepted: 0, refreshes: 1, refreshesRefused: 1, reuseDetected: 1, sessions: 0 },
    stays: false,
  },
  'dropped-grace': {
    latchkey: { refused: 8, accepted: 8, refreshes: 2, reuseDetected: 0, sessions: 1 },
    copied: { sessionsLost: 0 },
    stays: true,
  },
  offline: { latchkey: { refused: 4, accepted: 4, refreshes: 1, sessions: 1 }, stays: true },
  clock: {
    latchkey: { requests: 24, refused: 8, accepted: 16, refreshes: 1, refreshesRefused: 0 },
    stays: true,
  },
}

test('every scenario has a link that is driven here', () => {
  const driven = [...Object.keys(outcomes).map((link) => link.replace(/&.*/, '')), 'many']
  expect(driven.sort()).toEqual([...scenarioNames].sort())
})

async function play(
  link: string,
  { latchkey, copied, stays }: Outcome,
  look?: (page: Page) => Promise<void>,
): Promise<void> {
  await demo.visit(async ({ open, counters }) => {
    const page = await open(`scenario=${link}`)
    await untilRun(page)
    expect(await counters()).toMatchObject({ latchkey, ...(copied && { copied }) })
    expect(await page.getByTestId(stays ? 'session' : 'signed-out').isVisible()).toBe(true)
    expect(await page.getByTestId('notice').textContent()).toBe('')
    await photograph(page, link.replace(/&.*/, ''))
    await look?.(page)
  })
}

describe.concurrent('a deep link plays its scenario', () => {
  for (const [link, outcome] of Object.entries(outcomes)) {
    test(`#scenario=${link}`, () => play(link, outcome))
  }
})

// By itself: a browser has six connections to a server, and the refresh stands in line behind five hundred calls.
test('#scenario=many: five hundred calls, drawn with no more shapes than five', () =>
  play(
    'many',
    {
      latchkey: { requests: 1_000, refused: 500, accepted: 500, refreshes: 1, reuseDetected: 0 },
      stays: true,
    },
    async (page) => {
      expect(await page.getByTestId('timeline').locator('*').count()).toBeLessThan(60)
    },
  ))

const looks = [
  { name: 'dark', hash: 'lang=en', colorScheme: 'dark', width: 1280 },
  { name: 'korean', hash: 'lang=ko', colorScheme: 'light', width: 1280 },
  { name: 'narrow', hash: 'lang=en', colorScheme: 'light', width: 390 },
  { name: 'narrow-korean-dark', hash: 'lang=ko', colorScheme: 'dark', width: 390 },
] as const

describe.concurrent('the page shuts nobody out', () => {
  for (const { name, hash, colorScheme, width } of looks) {
    test(`${name}: axe finds nothing serious, and nothing is wider than the screen`, async () => {
      await demo.visit(
        async ({ open }) => {
          const page = await open(`scenario=burst&${hash}`)
          await untilRun(page)
          await photograph(page, `burst-${name}`)
          expect(await findBarriers(page)).toEqual([])
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
        },
        { colorScheme, viewport: { width, height: 844 } },
      )
    })
  }

  test('signed out, with a complaint beside a field: axe finds nothing serious', async () => {
    await demo.visit(async ({ open }) => {
      const page = await open()
      await page.getByTestId('password').fill('')
      await page.getByTestId('sign-in').click()
      await page.getByTestId('password-complaint').getByText('Enter the password.').waitFor()
      expect(await findBarriers(page)).toEqual([])
    })
  })
})

test('each button does the same once more, and the copied interceptor starts anew', async () => {
  await demo.visit(async ({ openSignedIn, counters }) => {
    const page = await openSignedIn()
    for (const scenario of ['single', 'burst', 'burst']) await run(page, scenario)
    expect(await counters()).toMatchObject({
      latchkey: { requests: 81, refreshes: 2, sessionsLost: 0, sessions: 1 },
      copied: { sessionsLost: 2, sessions: 0 },
    })
    const table = page.getByTestId('compare')
    expect(await table.getByTestId('copied-sessionsLost').textContent()).toBe('1')
    expect(await table.getByTestId('copied-refreshRequests').textContent()).toBe('20')
    expect(await table.getByTestId('latchkey-refreshRequests').textContent()).toBe('1')
    expect(await page.getByTestId('verdict-copied').textContent()).toMatch(
      /[01] of 20 answered20\srefreshes, and the user is signed out/,
    )
    expect(await page.getByTestId('outcome').textContent()).toContain(
      'Latchkey: 20 of 20 answered. 1 refresh, and the user stays signed in.'.replaceAll(
        '1 refresh',
        '1\u00a0refresh',
      ),
    )
  })
})
