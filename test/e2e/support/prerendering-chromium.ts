import puppeteer, { type Page } from 'puppeteer-core'
import type { Engine, Tab } from './engine.js'
import { isThere, tabOf } from './puppeteer-tab.js'

export interface PrerenderingTab extends Tab {
  readonly page: Page
}

export interface PrerenderingEngine extends Engine {
  open(url: string): Promise<PrerenderingTab>
}

/** Chromium as Puppeteer drives it: Playwright forbids it to prerender pages. */
export async function launchPrerenderingChromium(options: {
  executablePath: string
  args: string[]
}): Promise<PrerenderingEngine> {
  const browser = await puppeteer.launch({ headless: true, ...options })
  let pages: Page[] = []
  return {
    name: 'Chromium',
    async open(url) {
      const page = await browser.newPage()
      pages.push(page)
      await page.goto(url)
      await isThere(page)
      return { page, ...tabOf(page) }
    },
    async closeTabs() {
      await Promise.all(pages.map((page) => page.close()))
      pages = []
    },
    close: () => browser.close(),
  }
}

/** The page says where its user is likely to go next. */
export async function prerender({ page }: PrerenderingTab, url: string): Promise<void> {
  await page.bringToFront()
  await page.evaluate((url) => {
    const rules = document.createElement('script')
    rules.type = 'speculationrules'
    rules.textContent = JSON.stringify({ prerender: [{ urls: [url], eagerness: 'immediate' }] })
    document.head.append(rules)
  }, url)
}

/** The user goes there. */
export const show = ({ page }: PrerenderingTab, url: string): Promise<unknown> =>
  page.evaluate((url) => void setTimeout(() => location.assign(url)), url)
