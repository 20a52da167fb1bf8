import puppeteer, { type Page } from 'puppeteer-core'
import type { Engine } from './engine.js'
import { isThere, tabOf } from './puppeteer-tab.js'

/** All tabs but one are hidden, where timers come once a second; that is true to life, and takes long. */
const extraPrefsFirefox = {
  'dom.min_background_timeout_value': 4,
  'dom.min_background_timeout_value_without_budget_throttling': 4,
  'dom.timeout.enable_budget_timer_throttling': false,
}

/** Firefox over WebDriver BiDi. */
export async function launchFirefox(options: { executablePath: string }): Promise<Engine> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    headless: true,
    extraPrefsFirefox,
    ...options,
  })
  let pages: Page[] = []
  return {
    name: 'Firefox',
    async open(url) {
      const page = await browser.newPage()
      pages.push(page)
      await page.goto(url)
      await isThere(page)
      return tabOf(page)
    },
    async closeTabs() {
      await Promise.all(pages.filter((page) => !page.isClosed()).map((page) => page.close()))
      pages = []
    },
    close: () => browser.close(),
  }
}
