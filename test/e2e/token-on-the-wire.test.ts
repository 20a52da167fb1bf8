import { type Browser, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { bundle } from './support/bundle.js'
import { answerJson, type RecordingServer, startRecordingServer } from './support/recording-server.js'
import { type WireCase, wireCases } from './support/wire-cases.js'
import type { Batch } from './support/wire-page.js'

const accessToken = 'access-token-on-the-wire'
const refreshToken = 'refresh-token-on-the-wire'
const home = 'http://api.example.com'
const batchSize = 50

let browser: Browser
let page: Page
/** The page's own origin, an origin that is allowed besides, and all the rest of the world. */
let api: RecordingServer
let files: RecordingServer
let world: RecordingServer
let cases: WireCase[]

beforeAll(async () => {
  const script = await bundle('wire-page.ts')
  api = await startRecordingServer(({ url, headers }, response) => {
    if (url === '/page.js') {
      response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script)
    } else if (url.startsWith('/page') && !headers['x-case']) {
      const base = decodeURIComponent(url.split('?')[1] ?? '')
      const html = `<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>${base}`
      response.writeHead(200, { 'Content-Type': 'text/html' }).end(html)
    } else if (url.startsWith('/to-evil')) {
      response.writeHead(302, { Location: 'http://evil.com/from-api' }).end()
    } else answerJson(response, 200, {})
  })
  files = await startRecordingServer((_, response) => answerJson(response, 200, {}))
  world = await startRecordingServer(({ url }, response) => {
    if (url.startsWith('/to-api')) response.writeHead(302, { Location: `${home}/from-evil` }).end()
    else answerJson(response, 200, {})
  })
  cases = wireCases(500, 20_26, files.origin)
  const { executablePath, args } = inject('engines').chromium
  // Every name in the world leads to one server, so that whatever is sent is seen, and nothing leaves the machine.
  const names = [
    `MAP api.example.com:80 127.0.0.1:${api.port}`,
    `MAP 127.0.0.1:${files.port} 127.0.0.1:${files.port}`,
    `MAP * 127.0.0.1:${world.port}`,
  ]
  browser = await chromium.launch({
    executablePath,
    args: [...args, `--host-resolver-rules=${names.join(',')}`],
  })
})

afterAll(async () => {
  await browser?.close()
  await Promise.all([api, files, world].map((server) => server?.close()))
})

const caseOf = ({ headers }: RecordingServer['requests'][number]): string => String(headers['x-case'])

async function sendAll(adapter: Batch['adapter'], base: string): Promise<void> {
  for (const server of [api, files, world]) server.requests.length = 0
  page = await browser.newPage()
  await page.goto(`${home}/page?${encodeURIComponent(base)}`)
  await page.waitForFunction(() => 'openWire' in window)
  await page.evaluate(
    async (setup) => {
      window.sendBatch = await window.openWire(setup)
    },
    { accessToken, refreshToken, refresh: `${files.origin}/auth/refresh`, allowedOrigins: [files.origin] },
  )
  for (let at = 0; at < cases.length; at += batchSize) {
    const batch = { cases: cases.slice(at, at + batchSize), adapter, run: adapter }
    await page.evaluate((batch) => window.sendBatch(batch), batch)
  }
  await page.close()
}

/** Those that reached the server by themselves: by way of another origin a browser takes no token along. */
function direct({ requests }: RecordingServer): unknown[] {
  const detours = new Set(world.requests.map(caseOf))
  return (
    requests
      .filter((request) => request.headers['x-case'] && !detours.has(caseOf(request)))
      // A request with a token in its URL takes no second one along (RFC 6750 section 2).
      .filter(({ url }) => !url.includes('access_token='))
      .map(({ headers }) => headers.authorization)
  )
}

function expectNothingElsewhere(): void {
  expect(JSON.stringify(world.requests)).not.toContain(accessToken)
  for (const { requests } of [api, files, world]) {
    expect(JSON.stringify(requests)).not.toContain(refreshToken)
    expect(requests.filter(({ url, body }) => `${url}${body}`.includes(accessToken))).toEqual([])
  }
  expect(new Set(world.requests.map(caseOf)).size, 'requests that went elsewhere').toBeGreaterThan(50)
}

describe.each(['xhr', 'fetch', 'fetch alone'] as const)('500 requests by the adapter %s', (adapter) => {
  test.each([
    ['without a <base>', ''],
    ['with a <base> of its own origin', '<base href="/deep/in/the/app/">'],
  ])('of a page %s take the token to the allowed origins, and nowhere else', async (_, base) => {
    await sendAll(adapter, base)
    expectNothingElsewhere()
    for (const [server, least] of [
      [api, 50],
      [files, 10],
    ] as const) {
      const authorizations = direct(server)
      expect(authorizations.length).toBeGreaterThan(least)
      expect(new Set(authorizations)).toEqual(new Set([`Bearer ${accessToken}`]))
    }
  })

  test('of a page with a <base> that leads to another origin take the token nowhere else', async () => {
    await sendAll(adapter, '<base href="http://evil.com/lair/">')
    expectNothingElsewhere()
    expect(direct(files).length).toBeGreaterThan(10)
    expect(new Set(direct(files))).toEqual(new Set([`Bearer ${accessToken}`]))
  })
})
