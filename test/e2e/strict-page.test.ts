import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { createTokenFamilies } from '../../scripts/token-families.mjs'
import { bundle } from './support/bundle.js'
import { answerJson, type RecordingServer, startRecordingServer } from './support/recording-server.js'
import type { Report } from './support/strict-page.js'

let browser: Browser
/** The page's origin, which serves nothing but the page; the API; and one that must hear of nothing. */
let home: RecordingServer
let api: RecordingServer
let evil: RecordingServer
let reported: (report: Report) => void

beforeAll(async () => {
  const script = await bundle('strict-page.ts')
  home = await startRecordingServer(({ url }, response) => {
    if (url === '/page.js') {
      response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script)
      return
    }
    const policy = [
      "default-src 'none'",
      "script-src 'self'",
      `connect-src ${api.origin}${url.includes('polluted') ? ` ${evil.origin}` : ''}`,
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ].join('; ')
    response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Security-Policy': policy })
    response.end('<!doctype html><title>Strict</title><script type="module" src="/page.js"></script>')
  })
  const families = createTokenFamilies({ graceMs: 0 })
  api = await startRecordingServer(({ url, headers, body }, response) => {
    const accessToken = (headers.authorization ?? '').toString().replace(/^Bearer /, '')
    if (url === '/report') {
      reported(JSON.parse(body))
      return answerJson(response, 200, {})
    }
    if (url === '/auth/sign-in') return answerJson(response, 200, families.begin('ada'))
    if (url === '/auth/expire') {
      families.expire()
      return answerJson(response, 200, {})
    }
    if (url === '/auth/refresh') {
      const rotation = families.rotate(String(headers.refresh), accessToken, 'page')
      return 'pair' in rotation ? answerJson(response, 200, rotation.pair) : answerJson(response, 401, {})
    }
    const user = families.userOf(accessToken)
    answerJson(response, user ? 200 : 401, { user })
  })
  evil = await startRecordingServer((_, response) => answerJson(response, 200, {}))
  browser = await chromium.launch(inject('engines').chromium)
})

afterAll(async () => {
  await browser?.close()
  await Promise.all([home, api, evil].map((server) => server?.close()))
})

beforeEach(() => {
  for (const server of [home, api, evil]) server.requests.length = 0
})

async function open(flags: string): Promise<Report> {
  const report = new Promise<Report>((resolve) => {
    reported = resolve
  })
  const context = await browser.newContext()
  const page = await context.newPage()
  const failed = new Promise<never>((_, reject) => page.on('pageerror', reject))
  failed.catch(() => {})
  await page.goto(`${home.origin}/?api=${api.origin}&evil=${evil.origin}&${flags}`)
  try {
    return await Promise.race([report, failed])
  } finally {
    await context.close()
  }
}

const lived = { users: ['ada', 'ada', 'ada', 'ada'], status: 'signed-out' }

describe('a page with a strict content security policy and trusted types', () => {
  test.each([
    ['', ''],
    [' whose Object.prototype is frozen', 'frozen'],
  ])('%s signs in, refreshes, replays and signs out without one violation', async (_, flags) => {
    const report = await open(flags)
    expect(report.lives).toEqual([{ label: 'plain', ...lived }])
    expect(report.violations).toEqual([])
    expect(report.refusedByPolicy, 'what the policy must refuse is refused, and counted').toBe(2)
    expect(api.requests.filter(({ url }) => url === '/auth/refresh')).toHaveLength(1)
    expect(api.requests.filter(({ url }) => url === '/me')).toHaveLength(6)
  })

  // Some hundred lives of a session, one after the other.
  test('whose Object.prototype is polluted keeps the token where it belongs, and nothing breaks', {
    timeout: 120_000,
  }, async () => {
    const report = await open('polluted')
    expect(report.lives.length).toBeGreaterThan(100)
    expect(report.lives).toEqual(report.lives.map(({ label }) => ({ label, ...lived })))
    expect(report.violations).toEqual([])
    expect(JSON.stringify(report.overheard)).not.toMatch(/(access|refresh)-/)
    expect(evil.requests).toEqual([])
  })
})
