import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { createApi } from '../../examples/api.mjs'
import { plainPage } from '../../examples/plain/files.mjs'
import { startStaticServer } from '../../examples/static-server.mjs'
import { sampled } from '../support/is-long.js'

/** All in `npm run test:long`; they are one app, and `npm test` takes the front end that most people have. */
const built = sampled(['react', 'vue', 'angular', 'svelte'], (name) => name === 'react')
const directory = mkdtempSync(join(tmpdir(), 'latchkey-examples-'))

let browser: Browser
let context: BrowserContext
let api: ReturnType<typeof createApi>
let server: Awaited<ReturnType<typeof startStaticServer>>
let pageErrors: Error[]

beforeAll(async () => {
  const launching = chromium.launch(inject('engines').chromium)
  for (const name of built) {
    const outDir = join(directory, name)
    await build({
      root: resolve('examples', name),
      logLevel: 'error',
      build: { outDir, emptyOutDir: true, chunkSizeWarningLimit: 2000, reportCompressedSize: false },
    })
  }
  browser = await launching
})

afterAll(async () => {
  await browser?.close()
  rmSync(directory, { recursive: true, force: true })
})

beforeEach(async () => {
  pageErrors = []
  api = createApi({ lifetimeMs: 600_000 })
  context = await browser.newContext()
})

afterEach(async () => {
  await context?.close()
  await server?.close()
})

describe.each([...built, 'plain'])('examples/%s', (name) => {
  async function open(path = ''): Promise<Page> {
    const page = await context.newPage()
    page.on('pageerror', (error) => pageErrors.push(error))
    await page.goto(server.url + path)
    return page
  }

  beforeEach(async () => {
    if (name === 'plain') expect(plainPage.files, 'npm run build').toSatisfy(areThere)
    const place = name === 'plain' ? plainPage : { directory: join(directory, name) }
    server = await startStaticServer({ ...place, api })
  })

  test('two tabs, each with two queries at once, meet an expiry with one refresh', async () => {
    const first = await open()
    await first.getByText('Everybody can read this.').waitFor()
    await first.getByRole('link', { name: 'Account' }).click()
    await signIn(first, 'ada')
    const second = await open('#/account')
    await shows(second, 'ada')
    expect(api.counters).toMatchObject({ signIns: 1, answered: 4, refused: 0, refreshes: 0 })

    api.expire()
    await Promise.all([first, second].map(loadAgain))
    await expect.poll(() => api.counters.answered, { timeout: 10_000 }).toBe(8)
    await Promise.all([first, second].map((page) => page.getByText('Loaded', { exact: true }).waitFor()))
    expect(api.counters).toMatchObject({ signIns: 1, answered: 8, refreshes: 1, refreshesRefused: 0 })
    expect(pageErrors).toEqual([])
  })

  test('another user, who signs in in the other tab, sees nothing of the first in either', async () => {
    const first = await open('#/account')
    await signIn(first, 'ada')
    const second = await open('#/account')
    await shows(second, 'ada')
    await first.getByRole('button', { name: 'Sign out' }).click()
    const tabs = [first, second]
    for (const tab of tabs) await tab.getByRole('button', { name: 'Sign in' }).waitFor()
    const lookouts = await Promise.all(tabs.map((tab) => lookOutFor(tab, 'ada')))
    await signIn(second, 'grace')
    await shows(first, 'grace')
    for (const wasShown of lookouts) expect(await wasShown()).toBe(false)
    expect(pageErrors).toEqual([])
  })

  test('leaving the page gives up its requests that wait, and the refresh goes on', async () => {
    const page = await open('#/account')
    await signIn(page, 'ada')
    api.expire()
    const release = api.holdRefreshes()
    await loadAgain(page)
    await expect.poll(() => api.counters.refused).toBe(2)
    await page.getByRole('link', { name: 'Home' }).click()
    await page.getByText('Everybody can read this.').waitFor()
    release()
    await expect.poll(() => api.counters.refreshes).toBe(1)
    await page.getByRole('link', { name: 'Account' }).click()
    await page.getByText('Loaded', { exact: true }).waitFor()
    await shows(page, 'ada')
    expect(api.counters).toMatchObject({ answered: 4, refused: 2, refreshes: 1, refreshesRefused: 0 })
    expect(pageErrors).toEqual([])
  })

  test('a session that the server has ended ends in both tabs, at the cost of one refresh', async () => {
    const first = await open('#/account')
    await signIn(first, 'ada')
    const second = await open('#/account')
    await shows(second, 'ada')
    api.expire()
    api.end()
    await loadAgain(first)
    for (const page of [first, second]) await page.getByRole('button', { name: 'Sign in' }).waitFor()
    expect(api.counters).toMatchObject({ refused: 2, refreshes: 0, refreshesRefused: 1 })
  })
})

const areThere = (files: Record<string, string>): boolean =>
  Object.values(files).every((file) => existsSync(file))

async function signIn(page: Page, user: string): Promise<void> {
  await page.getByLabel('Name').fill(user)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await shows(page, user)
}

/** What both queries of the account page have brought. */
async function shows(page: Page, user: string): Promise<void> {
  await page.getByRole('heading', { name: `Hello, ${user}` }).waitFor()
  await page.getByText(`${user}'s biscuits`).waitFor()
}

/** Whether the page has shown `word` at any moment from now on, however short. */
async function lookOutFor(page: Page, word: string): Promise<() => Promise<boolean>> {
  const lookout = await page.evaluateHandle((word) => {
    const found = { word: document.body.textContent.includes(word) }
    const look = (): void => {
      found.word ||= document.body.textContent.includes(word)
    }
    new MutationObserver(look).observe(document.body, { childList: true, characterData: true, subtree: true })
    return found
  }, word)
  return () => lookout.evaluate((found) => found.word)
}

const loadAgain = (page: Page): Promise<void> => page.getByRole('button', { name: 'Load again' }).click()
