import type { Page } from 'puppeteer-core'
import type { Tab } from './engine.js'

/** Waits until the app is there. */
export const isThere = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => window.app?.ready().then(() => true), { polling: 20 })

export const tabOf = (page: Page): Tab => ({
  call: (name, ...args) =>
    page.evaluate(
      (name, args) => (window.app[name] as (...args: unknown[]) => unknown)(...args),
      name,
      args,
    ) as never,
  async reload() {
    await page.reload()
    await isThere(page)
  },
  close: () => page.close(),
})
