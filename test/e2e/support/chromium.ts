import { type BrowserContext, type BrowserType, chromium, type Page } from 'playwright'
import type { Engine, Tab } from './engine.js'

export interface ChromiumTab extends Tab {
  readonly page: Page
}

export interface ChromiumEngine extends Engine {
  readonly context: BrowserContext
  open(url: string): Promise<ChromiumTab>
}

type LaunchOptions = NonNullable<Parameters<BrowserType['launch']>[0]>

/** Chromium as Playwright drives it: its pages are always visible, and never sleep. */
export async function launchChromium(options: LaunchOptions): Promise<ChromiumEngine> {
  const browser = await chromium.launch(options)
  const context = await browser.newContext()
  return chromiumIn(context, () => browser.close())
}

export function chromiumIn(context: BrowserContext, close: () => Promise<void>): ChromiumEngine {
  return {
    name: 'Chromium',
    context,
    async open(url) {
      const page = await context.newPage()
      await page.goto(url)
      return tabOf(page)
    },
    async closeTabs() {
      await context.setOffline(false)
      await Promise.all(context.pages().map((page) => page.close()))
    },
    close,
  }
}

export async function tabOf(page: Page): Promise<ChromiumTab> {
  const isThere = (): Promise<unknown> =>
    page.waitForFunction(() => window.app?.ready().then(() => true), undefined, { polling: 20 })
  await isThere()
  return {
    page,
    call: (name, ...args) =>
      page.evaluate(([name, args]) => (window.app[name] as (...args: unknown[]) => unknown)(...args), [
        name,
        args,
      ] as const) as never,
    async reload() {
      await page.reload()
      await isThere()
    },
    close: () => page.close(),
  }
}

/** The tab's process dies at once. */
export async function crash({ page }: ChromiumTab): Promise<void> {
  const crashed = new Promise((resolve) => page.once('crash', resolve))
  const cdp = await page.context().newCDPSession(page)
  // It never answers.
  cdp.send('Page.crash').catch(() => {})
  await crashed
}
