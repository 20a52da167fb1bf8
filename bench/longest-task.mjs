// Whether ten thousand held requests freeze the page when they are let go: `node bench/longest-task.mjs [requests]`, in Chromium.
// The adapter answers at once, so that nothing is measured but the way from the refresh to the callers.
import { createServer } from 'node:http'
import { build } from 'esbuild'
import { chromium } from 'playwright'

const requests = Number(process.argv[2] ?? 10_000)
const perTask = 100

const { outputFiles } = await build({
  stdin: {
    contents: `
      import axios from 'axios'
      import { createSession } from './src/index.js'
      import { withSession } from './src/axios.js'
      Object.assign(window, { axios, createSession, withSession })
    `,
    resolveDir: new URL('..', import.meta.url).pathname,
  },
  bundle: true,
  format: 'iife',
  minify: true,
  write: false,
})
const script = outputFiles[0]?.text ?? ''
const server = createServer((request, response) => {
  const isScript = request.url === '/page.js'
  response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html')
  response.end(isScript ? script : '<!doctype html><title>held</title><script src="/page.js"></script>')
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })

/** Holds the requests, by the library or by a bare promise in the adapter, lets them go, and looks at the tasks. */
async function measure(/** @type {boolean} */ isGuarded) {
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${port}/`)
  const found = await page.evaluate(
    async ({ requests, perTask, isGuarded }) => {
      const { axios, createSession, withSession } = /** @type {any} */ (window)
      const sleep = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms))
      /** @type {() => void} */
      let letGo = () => {}
      const gate = new Promise((resolve) => {
        letGo = () => resolve({ accessToken: 'access-2', refreshToken: 'refresh-2', expiresIn: 900 })
      })
      let isFirst = true
      const adapter = async (/** @type {any} */ config) => {
        if (!isGuarded && !isFirst) await gate
        return { data: '', status: 200, statusText: 'OK', headers: {}, config }
      }
      let api = axios.create({ baseURL: '/api', adapter })
      if (isGuarded) {
        const session = createSession({ store: 'memory', refresh: () => gate, refreshTimeoutMs: 60_000 })
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
    { requests, perTask, isGuarded },
  )
  await page.close()
  return found
}

for (const isGuarded of [false, true, false, true, false, true]) {
  const { longestMs, tookMs } = await measure(isGuarded)
  const name = isGuarded ? 'held by Latchkey' : 'held by a promise in the adapter'
  const longest = longestMs === 0 ? 'none over 50 ms' : `${Math.round(longestMs)} ms`
  console.log(`${name}: longest task ${longest}, all let go in ${Math.round(tookMs)} ms`)
}
await browser.close()
server.close()
