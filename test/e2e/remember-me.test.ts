import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright'
import { afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { type AuthServer, startAuthServer } from './support/auth-server.js'
import { bundle } from './support/bundle.js'
import { type ChromiumTab, tabOf } from './support/chromium.js'

/** A browser whose profile outlives it, as that of a user does. */
describe('Chromium, closed and opened again', () => {
  let script: string
  let server: AuthServer
  let profile: string
  let browser: BrowserContext

  const start = async (): Promise<void> => {
    browser = await chromium.launchPersistentContext(profile, {
      ...inject('engines').chromium,
      headless: true,
    })
  }
  const openTab = async (): Promise<ChromiumTab> => {
    const page = await browser.newPage()
    await page.goto(server.url)
    return tabOf(page)
  }
  const signIn = (tab: ChromiumTab, choice: 'remember' | 'forget'): Promise<void> =>
    tab.page.evaluate(`app.signInAnd('${choice}')`)
  const reopen = async (): Promise<ChromiumTab> => {
    await browser.close()
    await start()
    return openTab()
  }

  beforeAll(async () => {
    script = await bundle('remember-me-page.ts')
  })
  beforeEach(async () => {
    profile = await mkdtemp(join(tmpdir(), 'profile-'))
    server = await startAuthServer({ script })
    await start()
  })
  afterEach(async () => {
    await browser.close()
    await server.close()
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  })

  test('a user who is not to be remembered is signed in in each tab and after reloads, and gone with the browser', async () => {
    const tab = await openTab()
    await signIn(tab, 'forget')
    const other = await openTab()
    expect(await other.call('get', 1)).toEqual(['ada'])
    server.expire()
    expect(await other.call('get', 2)).toEqual(['ada', 'ada'])
    expect(await tab.call('get', 1)).toEqual(['ada'])
    expect(server.counters).toMatchObject({ refreshes: 1, spentTokensReceived: 0 })
    await other.close()
    await tab.reload()
    expect(await tab.call('get', 1)).toEqual(['ada'])

    const later = await reopen()
    expect(await later.call('status')).toBe('signed-out')
    expect(await later.call('readRecord', 'indexeddb')).toBeUndefined()
    expect(await later.call('get', 1)).toEqual(['401'])
  })

  test('a user who is to be remembered is there again, and the next sign-in chooses anew', async () => {
    const tab = await openTab()
    await signIn(tab, 'forget')
    await signIn(tab, 'remember')
    const later = await reopen()
    expect(await later.call('get', 1)).toEqual(['ada'])
    await signIn(later, 'forget')
    expect(await (await reopen()).call('status')).toBe('signed-out')
  })
})
