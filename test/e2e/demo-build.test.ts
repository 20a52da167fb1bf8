import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Browser, type BrowserContext, chromium } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { buildDemo } from '../../demo/build.mjs'
import { callOnce, createVisitor, run, untilRun } from './support/demo-bench.js'

/** A folder may well have the name of one of the mounts. */
const place = '/latchkey/demo/'
const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

let folder: string
let server: Server
let url: string
let browser: Browser
let context: BrowserContext
/** What the host of the static files was asked for. */
let asked: string[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-'))
  await buildDemo(folder)
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    const { pathname } = new URL(request.url ?? '', url)
    const path = pathname.startsWith(place) ? pathname.slice(place.length) || 'index.html' : ''
    const file = join(folder, path)
    if (path && existsSync(file)) {
      response.writeHead(200, { 'content-type': types[extname(file)] }).end(readFileSync(file))
    } else {
      response.writeHead(404).end()
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${place}`
  browser = await chromium.launch(inject('engines').chromium)
})

afterAll(async () => {
  await browser?.close()
  server?.close()
  await rm(folder, { recursive: true, force: true })
})

beforeEach(async () => {
  asked = []
  context = await browser.newContext({ reducedMotion: 'reduce' })
})

afterEach(() => context?.close())

const counters = async (page: Awaited<ReturnType<BrowserContext['newPage']>>) =>
  page.evaluate(async () => (await fetch('demo/counters')).json())

test('without a server, in a folder of some host, a service worker plays it for all tabs', async () => {
  const { open } = createVisitor(context, url)
  const first = await open('scenario=tabs')
  await untilRun(first)
  expect(await counters(first)).toMatchObject({
    latchkey: { requests: 32, refused: 16, accepted: 16, refreshes: 1, sessionsLost: 0, sessions: 1 },
    queue: { reuseDetected: 1, sessionsLost: 1, sessions: 0 },
  })
  expect(await first.getByTestId('verdict-latchkey').textContent()).toMatch(
    /Still signed in16 of 16 calls answered · 1\srefresh/,
  )
  const second = await open()
  await second.getByTestId('session').waitFor()
  await run(first, 'tabs')
  expect((await counters(second)).latchkey.accepted).toBe(32)
  expect(await counters(second)).toMatchObject({ latchkey: { refreshes: 2, reuseDetected: 0, sessions: 1 } })
  const mounts = ['latchkey', 'queue', 'demo'].map((mount) => `${place}${mount}/`)
  expect(asked.filter((line) => mounts.some((mount) => line.includes(mount)))).toEqual([])
})

test('a worker that the browser has stopped remembers the session and what was spent', async () => {
  const { open } = createVisitor(context, url)
  const page = await open('scenario=single')
  await untilRun(page)
  const devtools = await context.newCDPSession(page)
  await devtools.send('ServiceWorker.enable')
  await devtools.send('ServiceWorker.stopAllWorkers')
  await page.getByTestId('expire-now').click()
  await page.getByText('now rejects this token').waitFor()
  await callOnce(page)
  expect(await counters(page)).toMatchObject({ latchkey: { requests: 3, refreshes: 1, sessions: 1 } })
  expect(await page.getByTestId('session').isVisible()).toBe(true)
})

test('a forced reload, which goes past the worker, finds it again', async () => {
  const { open } = createVisitor(context, url)
  const page = await open()
  await page.getByTestId('signed-out').waitFor()
  const devtools = await context.newCDPSession(page)
  await devtools.send('Page.reload', { ignoreCache: true })
  await page.waitForEvent('domcontentloaded')
  await page.getByTestId('signed-out').waitFor()
  expect(await counters(page)).toMatchObject({ latchkey: { sessions: 0 } })
})

test('a lost answer costs the session unless the server forgives, here as on the real server', async () => {
  const { open } = createVisitor(context, url)
  const page = await open('scenario=dropped&compare=off')
  await untilRun(page)
  expect(await page.getByTestId('sign-in-reason').textContent()).toContain('has ended')
  await run(page, 'dropped-grace')
  expect(await page.getByTestId('session').isVisible()).toBe(true)
})

test('the worker that plays the server guards pictures and refreshes as well, and the page says so', async () => {
  const page = await createVisitor(context, url).open('scenario=pictures')
  await untilRun(page)
  expect(await page.getByTestId('about').textContent()).toContain('in this build it plays the server')
  const pictures = (side: string): Promise<number> =>
    page
      .getByTestId(`gallery-${side}`)
      .locator('img')
      .evaluateAll((all) => all.filter((each) => (each as HTMLImageElement).naturalWidth > 0).length)
  expect([await pictures('without-worker'), await pictures('with-worker')]).toEqual([0, 12])
  await run(page, 'reload')
  expect(await page.getByTestId('outcome').textContent()).toMatch(/^Latchkey with a worker keeps the user/)
  expect(await counters(page)).toMatchObject({
    'without-worker': { refused: 12 + 16, reuseDetected: 1, sessions: 0 },
    'with-worker': { refreshes: 2, reuseDetected: 0, sessions: 1 },
  })
})

test('the first paint of a first visit waits for no script', async () => {
  const page = await context.newPage()
  let held = 0
  // Whatever asks for one waits until the page is closed.
  await page.route('**/*.js', () => void held++)
  // It commits to the document, and no more: modules are loaded before the load is over.
  await page.goto(url, { waitUntil: 'commit' })
  const paint = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        new PerformanceObserver((entries) => {
          for (const { name } of entries.getEntries()) if (name.includes('contentful')) resolve(name)
        }).observe({ type: 'paint', buffered: true })
      }),
  )
  expect(paint).toBe('first-contentful-paint')
  expect(held).toBeGreaterThan(0)
  expect(await page.locator('.masthead').textContent()).toContain('Latchkey')
})

test('nothing moves once the page can be seen, whoever is signed in', async () => {
  const page = await createVisitor(context, url).openSignedIn()
  await page.reload()
  await page.getByTestId('session').waitFor()
  const shift = await page.evaluate(async () => {
    let sum = 0
    const observer = new PerformanceObserver((entries) => {
      for (const entry of entries.getEntries()) sum += (entry as PerformanceEntry & { value: number }).value
    })
    observer.observe({ type: 'layout-shift', buffered: true })
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100)))
    return sum
  })
  expect(shift).toBe(0)
})

test('the page’s own code, library included, weighs at most 60 kB', async () => {
  const page = await createVisitor(context, url).open()
  await page.getByTestId('signed-out').waitFor()
  const scripts = asked.flatMap((line) => line.match(/assets\/(\S+\.js)$/)?.[1] ?? [])
  const own = scripts.filter((name) => !name.startsWith('axios'))
  expect(own.length).toBeLessThan(scripts.length)
  const bytes = own.map((name) => gzipSync(readFileSync(join(folder, 'assets', name))).length)
  expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(60_000)
})
