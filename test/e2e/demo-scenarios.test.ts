import type { Page } from 'playwright'
import { describe, expect, test } from 'vitest'
import { scenarioNames } from '../../demo/page/scenario-names.js'
import { isLong, sampled } from '../support/is-long.js'
import { run, untilRun, useDemo, type VisitorCounters } from './support/demo-bench.js'
import { findBarriers, photograph, photographView } from './support/demo-look.js'

const demo = useDemo()

interface Outcome {
  latchkey: Partial<VisitorCounters>
  /** The copied queue, on the same calls. */
  queue: Partial<VisitorCounters>
  /** Where the user stands at the end, and the calls: of the copied queue, and of Latchkey. */
  verdicts: [RegExp, RegExp]
  ruling: RegExp
}

const latchkeyAlone = /^Latchkey keeps the user signed in\. Copied queue signs them out\./
const tie = /^A tie: the same outcome/
const limit = /^A tie: no client can keep this session/

/** A refresh that meets trouble which passes: Latchkey keeps the session, and the copied queue drops it. */
const survived: Outcome = {
  latchkey: { refused: 8, accepted: 8, refreshes: 1, reuseDetected: 0, sessionsLost: 0, sessions: 1 },
  queue: { refused: 8, accepted: 0, refreshes: 0 },
  verdicts: [/Signed out0 of 8 calls answered/, /Still signed in8 of 8 calls answered/],
  ruling: latchkeyAlone,
}
/** Success without tokens: neither can answer the calls, and the copied queue stores what is none. */
const emptyHanded: Outcome = {
  latchkey: { refused: 8, accepted: 0, refreshes: 0, reuseDetected: 0, sessionsLost: 0, sessions: 1 },
  queue: { refused: 16, accepted: 0, refreshes: 0 },
  verdicts: [/Signed out0 of 8 calls.*stored “undefined”/, /Still signed in0 of 8 calls answered/],
  ruling: latchkeyAlone,
}

/** How often an opponent refreshes depends on how late its last 401 comes, which is no claim of this page. */
const some = String.raw`(No|\d+)\srefresh(es)?$`
const alike = (calls: number, refreshes: number): Outcome => {
  const kept = `Still signed in${calls} of ${calls} calls answered · `
  const counters = { accepted: calls, reuseDetected: 0, sessionsLost: 0, sessions: 1 }
  return {
    latchkey: { ...counters, refreshes },
    queue: counters,
    verdicts: [new RegExp(kept + some), new RegExp(`${kept}${refreshes || 'No'}\\srefresh$`)],
    ruling: tie,
  }
}

/** The slowest first, for five run at a time. */
const outcomes: Record<string, Outcome> = {
  'refresh-hang': {
    latchkey: { refused: 8, accepted: 0, refreshes: 0, sessionsLost: 0, sessions: 1 },
    queue: { refused: 8, accepted: 0, refreshes: 0, sessionsLost: 0, sessions: 1 },
    verdicts: [
      /Still signed in0 of 8 calls answered, 8 still waiting · 1\srefresh$/,
      /Still signed in0 of 8 calls answered, 8 failed · 1\srefresh$/,
    ],
    ruling: /^Both keep the user signed in\..* Those of Copied queue are still waiting\./,
  },
  tabs: {
    latchkey: { requests: 32, refused: 16, accepted: 16, refreshes: 1, reuseDetected: 0, sessions: 1 },
    queue: { reuseDetected: 1, sessionsLost: 1, sessions: 0 },
    verdicts: [
      /Signed out\d+ of 16 calls answered, \d+ failed · \d+\srefreshes/,
      /Still signed in16 of 16 calls answered · 1\srefresh$/,
    ],
    ruling: latchkeyAlone,
  },
  burst: alike(20, 1),
  expired: alike(20, 1),
  single: alike(1, 0),
  leave: {
    latchkey: { refused: 8, accepted: 0, refreshes: 1, sessions: 0 },
    queue: { refused: 8, accepted: 8, refreshes: 1, sessions: 0 },
    verdicts: [/Signed in again8 of 8/, /Signed out, as asked0 of 8/],
    ruling: /^Latchkey leaves the user signed out, as they asked\. Copied queue signs them in again\./,
  },
  'refresh-slow': alike(8, 1),
  'refresh-401': {
    latchkey: { refused: 8, accepted: 0, refreshes: 0, refreshesRefused: 1, sessionsLost: 1 },
    queue: { refused: 8, accepted: 0, refreshes: 0, refreshesRefused: 1, sessionsLost: 1 },
    verdicts: [/Signed out0 of 8/, /Signed out0 of 8/],
    ruling: limit,
  },
  'refresh-403': survived,
  'refresh-429': survived,
  'refresh-500': survived,
  'refresh-html': emptyHanded,
  'refresh-empty': emptyHanded,
  dropped: {
    latchkey: { refused: 8, accepted: 0, refreshes: 1, refreshesRefused: 1, reuseDetected: 1, sessions: 0 },
    queue: { refused: 8, accepted: 0, refreshes: 1 },
    verdicts: [/Signed out0 of 8/, /Signed out0 of 8/],
    ruling: limit,
  },
  'dropped-grace': {
    latchkey: { refused: 8, accepted: 8, refreshes: 2, reuseDetected: 0, sessions: 1 },
    queue: { refused: 8, accepted: 0, refreshes: 1 },
    verdicts: [/Signed out0 of 8/, /Still signed in8 of 8 calls answered · 2\srefreshes/],
    ruling: latchkeyAlone,
  },
  offline: {
    latchkey: { refused: 4, accepted: 4, refreshes: 1, sessions: 1 },
    queue: { refused: 4, accepted: 4, refreshes: 1, sessions: 1 },
    verdicts: [/Still signed in4 of 8/, /Still signed in4 of 8/],
    ruling: tie,
  },
  clock: {
    latchkey: { requests: 24, refused: 8, accepted: 16, refreshes: 1, refreshesRefused: 0 },
    queue: { requests: 24, refused: 8, accepted: 16, refreshes: 1, refreshesRefused: 0 },
    verdicts: [/Still signed in16 of 16/, /Still signed in16 of 16/],
    ruling: tie,
  },
}

/** `npm test` drives the scenes that the page leads with; `npm run test:long` drives all. */
const headlines = ['tabs', 'burst', 'refresh-500', 'refresh-401']
const driven = sampled(Object.entries(outcomes), ([link]) => headlines.includes(link))

test('every scenario has a link that is driven here', () => {
  // Those with a service worker in demo-worker.test.ts.
  const all = [...Object.keys(outcomes), 'many', 'pictures', 'reload']
  expect(all.sort()).toEqual([...scenarioNames].sort())
  expect(driven.length).toBe(isLong ? Object.keys(outcomes).length : headlines.length)
})

async function play(
  link: string,
  { latchkey, queue, verdicts: [other, own], ruling }: Outcome,
): Promise<void> {
  await demo.visit(async ({ open, counters }) => {
    const page = await open(`scenario=${link}`)
    await untilRun(page)
    expect(await page.getByTestId('notice').textContent()).toBe('')
    expect(await page.getByTestId('verdict-queue').textContent()).toMatch(other)
    expect(await page.getByTestId('verdict-latchkey').textContent()).toMatch(own)
    expect(await page.getByTestId('outcome').textContent()).toMatch(ruling)
    expect(await counters(), link).toMatchObject({ latchkey, queue })
    await photograph(page, link)
  })
}

/** Some wait for ten seconds on either side, five at a time. */
const patient = { timeout: 150_000 }

describe.concurrent('a deep link plays its scenario, for the copied queue and for Latchkey', patient, () => {
  for (const [link, outcome] of driven) {
    test(`#scenario=${link}`, () => play(link, outcome))
  }
})

if (isLong) {
  // A browser has six connections to a server, and the refresh stands in line behind five hundred calls: on a busy machine
  // longer than some of them wait.
  test('#scenario=many: five hundred calls, one refresh, drawn with no more shapes than five', async () => {
    await demo.visit(async ({ open, counters }) => {
      const page = await open('scenario=many')
      await untilRun(page)
      expect(await page.getByTestId('verdict-latchkey').textContent()).toMatch(
        /Still signed in\d+ of 500 calls answered.* · 1\srefresh$/,
      )
      expect(await counters()).toMatchObject({ latchkey: { refreshes: 1, reuseDetected: 0, sessions: 1 } })
      expect(await page.getByTestId('timeline').locator('*').count()).toBeLessThan(60)
      expect(await page.locator('.timeline.dense').count(), 'the legend shows what the picture shows').toBe(1)
    })
  })
}

const others: [string, string, RegExp, RegExp][] = [
  [
    'no-queue',
    'burst',
    /Signed out[01] of 20 calls answered, .* · \d+\srefreshes/,
    /^Latchkey keeps .* No queue signs/,
  ],
  ['no-queue', 'single', /Still signed in1 of 1/, tie],
  ['auth-refresh-queue', 'burst', /Still signed in20 of 20 calls answered · \d+\srefresh/, tie],
  ['auth-refresh-queue', 'tabs', /Still signed in16 of 16 calls answered · \d+\srefresh/, tie],
  [
    'auth-refresh-queue',
    'refresh-500',
    /Signed out0 of 8/,
    /^Latchkey keeps .* axios-auth-refresh-queue signs/,
  ],
]

describe.concurrent('the other opponents play the same scenes', () => {
  for (const [opponent, scenario, verdict, ruling] of sampled(
    others,
    ([, scenario]) => scenario !== 'tabs',
  )) {
    test(`${opponent}, ${scenario}`, async () => {
      await demo.visit(async ({ open }) => {
        const page = await open(`scenario=${scenario}&compare=${opponent}`)
        await untilRun(page)
        expect(await page.getByTestId(`verdict-${opponent}`).textContent()).toMatch(verdict)
        expect(await page.getByTestId('verdict-latchkey').textContent()).toContain('Still signed in')
        expect(await page.getByTestId('outcome').textContent()).toMatch(ruling)
        await page.getByText('the code that ran').click()
        expect(await page.getByTestId('opponent-code').textContent()).toContain(
          'export function addInterceptors',
        )
      })
    })
  }
})

describe.concurrent('runs do not leak into each other', patient, () => {
  if (isLong) {
    test('a refresh that still hangs has no part in the next scene, on either side', async () => {
      await demo.visit(async ({ openSignedIn }) => {
        const page = await openSignedIn()
        await run(page, 'refresh-hang')
        await run(page, 'refresh-500')
        expect(await page.getByTestId('verdict-latchkey').textContent()).toMatch(/Still signed in8 of 8/)
        expect(await page.getByTestId('verdict-queue').textContent()).toMatch(
          /Signed out0 of 8.* · 1\srefresh$/,
        )
        await run(page, 'burst')
        expect(await page.getByTestId('outcome').textContent()).toMatch(tie)
        expect(await page.getByTestId('story').textContent()).toContain(
          'All 20 went out with a token that still looked',
        )
      })
    })
  }

  test('a token that is old, or a session that was lost, makes no difference to the next scene', async () => {
    await demo.visit(async ({ openSignedIn, change }) => {
      await change({ accessTokenLifetimeMs: 4_000 })
      const page = await openSignedIn()
      await page.locator('[data-life=expired]').waitFor()
      await run(page, 'refresh-500')
      expect(await page.getByTestId('story').textContent()).toContain(
        'All 8 went out with a token that still looked',
      )
      await run(page, 'refresh-401')
      await run(page, 'refresh-500')
      expect(await page.getByTestId('verdict-latchkey').textContent()).toMatch(/Still signed in8 of 8/)
    })
  })
})

const looks = [
  { name: 'dark', hash: 'lang=en', colorScheme: 'dark', width: 1280 },
  { name: 'korean', hash: 'lang=ko', colorScheme: 'light', width: 1280 },
  { name: 'narrow', hash: 'lang=en', colorScheme: 'light', width: 390 },
  { name: 'narrow-korean-dark', hash: 'lang=ko', colorScheme: 'dark', width: 390 },
] as const

describe.concurrent('the page shuts nobody out', () => {
  for (const { name, hash, colorScheme, width } of sampled(looks, ({ name }) => name.includes('dark'))) {
    test(`${name}: axe finds nothing serious, and nothing is wider than the screen`, async () => {
      await demo.visit(
        async ({ open }) => {
          const page = await open(`scenario=tabs&${hash}`)
          await untilRun(page)
          await photograph(page, `tabs-${name}`)
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

test('each button does the same once more, and both clients start anew', async () => {
  await demo.visit(async ({ openSignedIn, counters }) => {
    const page = await openSignedIn('compare=no-queue')
    for (const scenario of ['single', 'burst', 'burst']) await run(page, scenario)
    expect(await counters()).toMatchObject({
      latchkey: { requests: 81, refreshes: 2, sessionsLost: 0, sessions: 1 },
      'no-queue': { sessionsLost: 2, sessions: 0 },
    })
    const table = page.getByTestId('compare')
    expect(await table.getByTestId('no-queue-sessionsLost').textContent()).toBe('1')
    expect(await table.getByTestId('no-queue-refreshRequests').textContent()).toBe('20')
    expect(await table.getByTestId('latchkey-refreshRequests').textContent()).toBe('1')
  })
})

describe.concurrent('controls and result are in one view', () => {
  const screens: [number, number, string][] = [
    [1440, 900, 'en'],
    [1440, 900, 'ko'],
    [1280, 720, 'en'],
    [1280, 720, 'ko'],
  ]
  // What fits the smaller one fits the larger.
  for (const [width, height, language] of sampled(screens, ([width]) => width === 1280)) {
    test(`${width} × ${height}, ${language}: every scene, the verdicts and the picture’s first lines`, async () => {
      await demo.visit(
        async ({ open }) => {
          const page = await open(`scenario=tabs&lang=${language}`)
          await untilRun(page)
          await photographView(page, `view-${width}-${language}`)
          const bottomOf = (testId: string): Promise<number> =>
            page.getByTestId(testId).evaluate((element) => element.getBoundingClientRect().bottom)
          for (const name of scenarioNames)
            expect(await bottomOf(`scenario-${name}`), name).toBeLessThan(height)
          expect(await bottomOf('verdict-latchkey')).toBeLessThan(height)
          const { top } = await page
            .getByTestId('timeline')
            .evaluate((element) => element.getBoundingClientRect())
          expect(top).toBeLessThan(height - 100)
          await page.getByTestId('log').scrollIntoViewIfNeeded()
          const last = page.getByTestId(`scenario-${scenarioNames.at(-1)}`)
          const stays = await last.evaluate((button) => button.getBoundingClientRect())
          expect(stays.top, 'the list stays').toBeGreaterThan(0)
          expect(stays.bottom, 'the list stays').toBeLessThan(height)
        },
        { viewport: { width, height } },
      )
    })
  }
})

test('no text of the page is smaller than 14 px, and what the picture says not smaller than 12', async () => {
  await demo.visit(async ({ open }) => {
    const page = await open('scenario=tabs')
    await untilRun(page)
    const small = await page.evaluate(() => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
      const found: string[] = []
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const { parentElement, textContent } = node
        if (!parentElement || !textContent?.trim() || parentElement.closest('.ring, script, style')) continue
        const least = parentElement.closest('svg') ? 12 : 14
        if (Number.parseFloat(getComputedStyle(parentElement).fontSize) < least) found.push(textContent)
      }
      return found
    })
    expect(small).toEqual([])
  })
})

test('what is read out is what the page shows, also where other tabs have had the last word', async () => {
  await demo.visit(async ({ openSignedIn, open }) => {
    const pages = [await openSignedIn(), await open(), await open()]
    for (const page of pages) await page.getByTestId('session').waitFor()
    const [first] = pages as [Page, Page, Page]
    await run(first, 'tabs')
    expect(await first.getByTestId('verdict-latchkey').textContent()).toContain('24 of 24 calls answered')
    for (const name of ['queue', 'latchkey']) {
      const [standing = '', calls = ''] = await first
        .getByTestId(`verdict-${name}`)
        .locator('p:not(.side)')
        .allTextContents()
      expect(await first.getByTestId('outcome').textContent()).toContain(`${standing}. ${calls}.`)
    }
  })
})

test('the page leads on to the guides, the package and its source', async () => {
  await demo.visit(async ({ open }) => {
    const page = await open()
    const hrefOf = async (name: string): Promise<string> =>
      (await page.getByTestId(`place-${name}`).getAttribute('href')) ?? ''
    const guide = await page.context().request.get(await hrefOf('docs'), { maxRetries: 3 })
    expect(await guide.text()).toMatch(/^# /)
    for (const name of ['package', 'source']) expect(await hrefOf(name)).toMatch(/^https:\/\/\S+latchkey/)
  })
})
