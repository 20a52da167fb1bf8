import { readdirSync, readFileSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { findBarriers } from '../../test/e2e/support/demo-look.js'
import { withFigures } from '../figures.mjs'
import { built } from '../places.mjs'
import { base, fileAt, origin, serve } from './serve.js'

const files = readdirSync(built, { recursive: true, encoding: 'utf8' }).map((file) =>
  file.replaceAll('\\', '/'),
)
const html = files.filter((file) => file.endsWith('.html'))
/** What VitePress made: the demo and the API reference have tests of their own, but for their links. */
const pages = html
  .filter((file) => !/^(demo|api)\/|^404/.test(file))
  .map((file) => file.replace(/(index)?\.html$/, ''))
const read = (file: string): string => readFileSync(`${built}${file}`, 'utf8')

let site: Awaited<ReturnType<typeof serve>>
let browser: Browser
let context: BrowserContext

beforeAll(async () => {
  ;[site, browser] = await Promise.all([serve(), chromium.launch(inject('engines').chromium)])
})

afterAll(async () => {
  site?.close()
  await browser?.close()
})

beforeEach(async () => {
  context = await browser.newContext({ reducedMotion: 'reduce' })
})

afterEach(() => context?.close())

const unescaped = (text: string): string => text.replaceAll('&amp;', '&').replaceAll('&quot;', '"')

/** The ids of a file, which are what a link to a part of it leads to. */
const idsOf = (file: string): Set<string> =>
  new Set([...readFileSync(file, 'utf8').matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => unescaped(id)))

test('no link on any page leads to nothing, be it a page, a heading, a picture or a script', () => {
  const ids = new Map<string, Set<string>>()
  const dead = html.flatMap((page) => {
    const here = new URL(`http://site${base}${page.replace(/index\.html$/, '')}`)
    return [...read(page).matchAll(/ (?:href|src)="([^"]+)"/g)]
      .map(([, link = '']) => new URL(unescaped(link), here))
      .filter(({ origin }) => origin === here.origin)
      .filter(({ pathname, hash }) => {
        const file = fileAt(pathname)
        if (!file) return true
        // In the demo it names a scene, and API pages write their headings when they run.
        if (hash.length < 2 || /\/(demo|api)\//.test(pathname)) return false
        if (!ids.has(file)) ids.set(file, idsOf(file))
        return !ids.get(file)?.has(decodeURIComponent(hash.slice(1)))
      })
      .map(({ pathname, hash }) => `${page}: ${pathname}${hash}`)
  })
  expect(html.length).toBeGreaterThan(30)
  expect([...new Set(dead)]).toEqual([])
})

test('no page leads to an address on this machine', () => {
  const local = pages.filter((page) =>
    />http:\/\/127\.0\.0\.1:7418|="http:\/\/127\.0\.0\.1/.test(read(fileOf(page))),
  )
  expect(local).toEqual([])
})

const fileOf = (page: string): string =>
  page === '' || page.endsWith('/') ? `${page}index.html` : `${page}.html`

test('no page makes the console speak, and axe finds nothing serious, in light or dark', async () => {
  const found: string[] = []
  const page = await context.newPage()
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) found.push(`${page.url()}: ${message.text()}`)
  })
  page.on('pageerror', ({ message }) => found.push(`${page.url()}: ${message}`))
  for (const path of pages) {
    await page.emulateMedia({ colorScheme: 'light' })
    await page.goto(`${site.url}${path}`)
    await page.locator('.VPContent').waitFor()
    for (const barrier of await findBarriers(page)) found.push(`${path}: ${barrier}`)
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.locator('html.dark').waitFor({ state: 'attached' })
    for (const barrier of await findBarriers(page)) found.push(`${path}, dark: ${barrier}`)
  }
  expect(found).toEqual([])
})

/** Every scene that a page shows, with the first page that shows it. */
const scenes = [
  ...new Map(
    pages
      .flatMap((page) =>
        [...read(fileOf(page)).matchAll(/data-scene="([^"]+)"/g)].map(
          ([, scene = '']) => [unescaped(scene), page] as const,
        ),
      )
      .reverse(),
  ),
]

test.each(scenes)('the scene %s runs to its end in the frame of /%s', async (scene, path) => {
  const page = await context.newPage()
  await page.goto(`${site.url}${path}`)
  const frame = page.locator(`[data-scene="${scene}"]`)
  await frame.getByRole('button').click()
  const over = frame.frameLocator('iframe').locator('[data-testid=happened][data-runs="1"]')
  await over.waitFor({ state: 'attached', timeout: 90_000 })
})

test.each([
  ['', 'failedQueue', /refresh-token-queue/],
  ['', 'REFRESH_REFUSED', /errors#refresh_refused|troubleshooting/],
  ['ko/', '갱신', /\/ko\//],
])('the search on /%s finds %s', async (path, words, place) => {
  const page = await context.newPage()
  await page.goto(`${site.url}${path}`)
  await page.keyboard.press('Control+k')
  await page.locator('.VPLocalSearchBox input').fill(words)
  const links = page.locator('.VPLocalSearchBox .result')
  await links.first().waitFor()
  const found = await links.evaluateAll((elements) =>
    elements.map((element) => element.getAttribute('href') ?? ''),
  )
  expect(found.some((link) => place.test(link))).toBe(true)
})

test('the Korean pages say that they are Korean, and the others that they are English', () => {
  const languages = pages.map((page) => [page, /<html lang="(\w+)"/.exec(read(fileOf(page)))?.[1]])
  expect(languages.filter(([page, language]) => (language === 'ko') !== page?.startsWith('ko/'))).toEqual([])
  expect(languages.filter(([, language]) => language === 'ko').length).toBeGreaterThan(2)
})

test.each([
  ['', 'ko/', '한국어'],
  ['migration', 'ko/migration', '한국어'],
  ['ko/reference', 'reference', 'English'],
  ['faq', 'ko/', '한국어'],
])('the menu of languages leads from /%s to /%s', async (from, to, label) => {
  const page = await context.newPage()
  await page.goto(`${site.url}${from}`)
  await page.locator('.VPNavBarTranslations button').click()
  await page.locator('.VPNavBarTranslations').getByRole('link', { name: label }).click()
  await page.waitForURL(`${site.url}${to}`)
  await page.locator('.VPContent:not(.is-not-found)').waitFor()
  expect(await page.locator('.NotFound').count()).toBe(0)
})

test('the sitemap, llms.txt and llms-full.txt name full addresses, and all of them are there', () => {
  const listed = [...read('sitemap.xml').matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, loc = '']) => loc)
  expect(listed.length).toBe(pages.length)
  const linked = ['llms.txt', 'llms-full.txt'].flatMap((file) => {
    const links = [
      ...read(file)
        .replace(/^```[\s\S]*?^```$/gm, '')
        .matchAll(/\]\(([^)\s]+)\)/g),
    ].map(([, link = '']) => link)
    expect(links.length, file).toBeGreaterThan(5)
    expect(
      links.filter((link) => !/^(https?:|mailto:|#)/.test(link)),
      file,
    ).toEqual([])
    return links.filter((link) => link.startsWith(origin))
  })
  const dead = [...listed, ...linked].filter((link) => !fileAt(new URL(link).pathname))
  expect(dead).toEqual([])
})

test('every error code of the library has an address of its own', () => {
  const source = readFileSync(new URL('../../src/core/errors.ts', import.meta.url), 'utf8')
  const [, union = ''] = /type AuthErrorCode =([\s\S]*?)\n\n/.exec(source) ?? []
  const codes = [...union.matchAll(/'(\w+)'/g)].map(([, code = '']) => code.toLowerCase())
  expect(codes.length).toBeGreaterThan(5)
  const ids = idsOf(`${built}errors.html`)
  expect(codes.filter((code) => !ids.has(code))).toEqual([])
})

test('the guides quote the figures that the last bench has measured', () => {
  const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
  const guide = read('docs/comparison.md')
  expect(withFigures(guide, read('bench/results.md'))).toBe(guide)
})
