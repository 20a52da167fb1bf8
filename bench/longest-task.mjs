// Whether ten thousand held requests freeze the page when they are let go: `node bench/longest-task.mjs [requests]`, in Chromium.
// The adapter answers at once, so that nothing is measured but the way from the refresh to the callers.
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { launch } from './browser.mjs'

const requests = Number(process.argv[2] ?? 10_000)
const perTask = 100

const { outputFiles } = await build({
  stdin: {
    contents: `
      import axios from 'axios'
      import { createSession, memoryStore } from '../dist/index.js'
      import { withSession } from '../dist/axios.js'
      Object.assign(window, { axios, createSession, memoryStore, withSession })
    `,
    resolveDir: fileURLToPath(new URL('.', import.meta.url)),
  },
  bundle: true,
  format: 'iife',
  minify: true,
  write: false,
  logLevel: 'error',
})
const script = outputFiles[0]?.text ?? ''
const server = createServer((request, response) => {
  const isScript = request.url === '/page.js'
  response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html')
  response.end(isScript ? script : '<!doctype html><title>held</title><script src="/page.js"></script>')
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
const browser = await launch()
const context = await browser.newContext()

/** Holds the requests, by the library or by a bare promise in the adapter, lets them go, and looks at the tasks. */
async function measure(/** @type {boolean} */ isOurs) {
  const page = await context.newPage()
  await page.goto(`http://127.0.0.1:${port}/`)
  const found = await page.evaluate(
    async ({ requests, perTask, isOurs }) => {
      const { axios, createSession, memoryStore, withSession } = /** @type {any} */ (window)
      const sleep = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms))
      /** @type {() => void} */
      let letGo = () => {}
      const refreshed = new Promise((resolve) => {
        letGo = () => resolve({ accessToken: 'access-2', refreshToken: 'refresh-2', expiresIn: 900 })
      })
      let isFirst = true
      const adapter = async (/** @type {any} */ config) => {
        if (!isOurs && !isFirst) await refreshed
        return { data: '', status: 200, statusText: 'OK', headers: {}, config }
      }
      let api = axios.create({ baseURL: '/api', adapter })
      if (isOurs) {
        const session = createSession({
          store: memoryStore(),
          refresh: () => refreshed,
          refreshTimeoutMs: 60_000,
        })
        await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1', expiresIn: 0.001 })
        await sleep(50)
        api = withSession(api, session)
      }
      isFirst = false
      const all = []
      while (all.length < requests) {
        for (let each = 0; each < perTask; each++) all.push(api.get('/me'))
        await sleep(0)
      }
      await sleep(500)
      /** @type {number[]} */
      const tasks = []
      const observer = new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) tasks.push(duration)
      })
      observer.observe({ type: 'longtask' })
      const startedAt = performance.now()
      setTimeout(letGo)
      await Promise.all(all)
      const tookMs = performance.now() - startedAt
      await sleep(500)
      return { longestMs: Math.max(0, ...tasks), tookMs }
    },
    { requests, perTask, isOurs },
  )
  await page.close()
  return found
}

for (const isOurs of [false, true, false, true, false, true]) {
  const { longestMs, tookMs } = await measure(isOurs)
  const name = isOurs ? 'held by Latchkey' : 'held by a promise in the adapter'
  const longest = longestMs === 0 ? 'none over 50 ms' : `${Math.round(longestMs)} ms`
  console.log(`${name}: longest task ${longest}, all let go in ${Math.round(tookMs)} ms`)
}
await browser.close()
server.close()
