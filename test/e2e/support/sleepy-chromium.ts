import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium } from 'playwright'
import { type ChromiumEngine, type ChromiumTab, chromiumIn } from './chromium.js'

/**
 * Chromium as it is for a user: the tabs behind the first are hidden, can be frozen, and pages go into the back-forward
 * cache. Playwright's own launch switches all of that off.
 */
export async function launchSleepyChromium(options: {
  executablePath: string
  args: string[]
}): Promise<ChromiumEngine> {
  const profile = await mkdtemp(join(tmpdir(), 'profile-'))
  const flags = ['--headless', '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank']
  const child = spawn(options.executablePath, [...options.args, ...flags], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = once(child, 'exit')
  let address: string | undefined
  for await (const line of createInterface(child.stderr)) {
    address = /DevTools listening on (\S+)/.exec(line)?.[1]
    if (address) break
  }
  if (!address) throw new Error('Chromium did not start')
  child.stderr.resume()
  const browser = await chromium.connectOverCDP(address, { noDefaults: true })
  const [context] = browser.contexts()
  if (!context) throw new Error('Chromium has no context')
  // The last tab must stay, or the browser goes.
  const [blank] = context.pages()
  const engine = chromiumIn(context, async () => {
    await browser.close()
    child.kill()
    await exited
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  })
  return {
    ...engine,
    async closeTabs() {
      await Promise.all(context.pages().map((page) => page !== blank && page.close()))
    },
  }
}

/** Puts a hidden tab to sleep, or wakes it. */
export async function setLifecycle({ page }: ChromiumTab, state: 'frozen' | 'active'): Promise<void> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Page.setWebLifecycleState', { state })
  await cdp.detach()
}
