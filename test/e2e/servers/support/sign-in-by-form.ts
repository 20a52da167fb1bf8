import type { ChromiumTab } from '../../support/chromium.js'

/** Signs in on the server's own page, and waits until the app is back with tokens. */
export async function signInByForm(tab: ChromiumTab, user: string): Promise<void> {
  await tab.call('signIn', user)
  await tab.page.getByLabel('User').fill(user)
  await tab.page.getByRole('button', { name: 'Sign in' }).click()
  await tab.page.waitForFunction(() => window.app?.status() === 'signed-in', undefined, { polling: 20 })
}
