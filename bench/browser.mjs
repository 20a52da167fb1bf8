import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { chromium } from 'playwright'
import { ensureChromium } from '../scripts/find-browser.mjs'

/** A script for a page, with all it imports. @param {string} entry Relative to this folder. */
export async function bundle(entry) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    // axios-jwt names its storage key after it.
    define: { 'process.env.NODE_ENV': '"production"' },
    write: false,
    logLevel: 'error',
  })
  return outputFiles[0]?.text ?? ''
}

/** What a server serves so that `open` finds the peers' page. */
export const pageFiles = async () =>
  new Map([
    [
      '/',
      '<!doctype html><title>bench</title><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>',
    ],
    ['/page.js', await bundle('page.mjs')],
  ])

export async function launch() {
  const browser = await chromium.launch(await ensureChromium())
  return {
    version: browser.version(),
    newContext: () => browser.newContext(),
    close: () => browser.close(),
  }
}

/**
 * Opens a tab with one peer in it.
 *
 * @param {import('playwright').BrowserContext} context @param {string} origin @param {Record<string, string>} options
 */
export async function open(context, origin, options) {
  const page = await context.newPage()
  await page.goto(`${origin}/?${new URLSearchParams(options)}`)
  await page.waitForFunction(() => 'bench' in globalThis)
  await call(page, 'ready')
  return page
}

/**
 * Calls a function of the page.
 *
 * @template {keyof typeof import('./page.mjs').bench} Name
 * @param {import('playwright').Page} page @param {Name} name
 * @param {Parameters<typeof import('./page.mjs').bench[Name]>} args
 * @returns {Promise<Awaited<ReturnType<typeof import('./page.mjs').bench[Name]>>>}
 */
export const call = (page, name, ...args) =>
  page.evaluate(([name, args]) => /** @type {any} */ (globalThis).bench[name](...args), [name, args])
