import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright'
import { afterAll, beforeAll, inject } from 'vitest'
import type { Counters } from '../../../demo/backend/counters.js'
import type { SideName } from '../../../demo/backend/side-names.js'
import { buildDemo } from '../../../demo/build.mjs'
import { type Demo, startDemo } from '../../../demo/server/start.mjs'

/** What the server counted for one kind of client of one visitor. */
export interface VisitorCounters extends Counters {
  sessions: number
}

/** One browser profile, which the server takes for one visitor: nothing is shared with the others. */
export interface Visitor {
  /** A new tab. `hash` is a deep link without its `#`. */
  open(hash?: string): Promise<Page>
  openSignedIn(hash?: string): Promise<Page>
  counters(): Promise<Record<SideName, VisitorCounters>>
  settings(): Promise<Record<string, unknown>>
  change(settings: Record<string, unknown>): Promise<void>
}

export interface DemoBench {
  readonly url: string
  visit<T>(story: (visitor: Visitor) => Promise<T>, options?: BrowserContextOptions): Promise<T>
}

/** One browser and one server, with the built page, for all tests of a file. */
export function useDemo(): DemoBench {
  let browser: Browser
  let folder: string
  let demo: Demo

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'demo-'))
    await buildDemo(folder)
    ;[browser, demo] = await Promise.all([
      chromium.launch(inject('engines').chromium),
      startDemo({ port: 0, built: folder }),
    ])
  })

  afterAll(async () => {
    await Promise.all([browser?.close(), demo?.close()])
    await rm(folder, { recursive: true, force: true })
  })

  return {
    get url() {
      return demo.url
    },
    async visit(story, options = {}) {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 900 },
        // Drawing each frame in software is most of what such a test would cost.
        reducedMotion: 'reduce',
        ...options,
      })
      try {
        return await story(createVisitor(context, demo.url))
      } finally {
        await context.close()
      }
    },
  }
}

/** A connection that is kept open may be closed by the server in the moment in which it is used again. */
const again = { maxRetries: 3 }

export function createVisitor(context: BrowserContext, url: string): Visitor {
  const open = async (hash = ''): Promise<Page> => {
    const page = await context.newPage()
    await page.goto(`${url}#${hash}`)
    return page
  }
  return {
    open,
    async openSignedIn(hash) {
      const page = await open(hash)
      await page.getByTestId('sign-in').click()
      await page.getByTestId('session').waitFor()
      return page
    },
    counters: async () => (await context.request.get(`${url}demo/counters`, again)).json(),
    settings: async () => (await context.request.get(`${url}demo/settings`, again)).json(),
    async change(settings) {
      const reply = await context.request.put(`${url}demo/settings`, { ...again, data: settings })
      if (!reply.ok()) throw new Error(await reply.text())
    },
  }
}

/** Until that many runs of the page are over, with the last call settled. */
export async function untilRun(page: Page, runs = 1): Promise<void> {
  const over = page.locator(`[data-testid=happened][data-runs="${runs}"]`)
  // The limit is that of the test.
  await over.waitFor({ state: 'attached', timeout: 0 })
}

/** One call of Latchkey, with the tokens as they are. */
export async function callOnce(page: Page): Promise<void> {
  const runs = Number(await page.getByTestId('happened').getAttribute('data-runs'))
  await page.getByTestId('call-now').click()
  await untilRun(page, runs + 1)
}

/** Clicks, and waits until the run is over. */
export async function run(page: Page, scenario: string): Promise<void> {
  const runs = Number(await page.getByTestId('happened').getAttribute('data-runs'))
  await page.getByTestId(`scenario-${scenario}`).click()
  await untilRun(page, runs + 1)
}
