import { type Browser, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { bundle } from './support/bundle.js'
import type { CallName } from './support/fetch-page.js'
import {
  answerJson,
  type RecordedRequest,
  type RecordingServer,
  startRecordingServer,
} from './support/recording-server.js'

let browser: Browser
let page: Page
let server: RecordingServer
let issued = 0
let accepted = ''

beforeAll(async () => {
  const script = await bundle('fetch-page.ts')
  server = await startRecordingServer(({ url, headers, body }, response) => {
    if (url === '/page.js') {
      response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script)
    } else if (url === '/page') {
      const html =
        '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>'
      response.writeHead(200, { 'Content-Type': 'text/html' }).end(html)
    } else if (url === '/auth/refresh') {
      issued++
      accepted = `Bearer access-${issued}`
      answerJson(response, 200, { accessToken: `access-${issued}`, refreshToken: `refresh-${issued}` })
    } else if (headers.authorization === accepted) response.end(body)
    else answerJson(response, 401, { message: 'unauthorized' })
  })
  const { executablePath, args } = inject('engines').chromium
  browser = await chromium.launch({ executablePath, args })
  page = await browser.newPage()
  await page.goto(`${server.origin}/page`)
  await page.waitForFunction(() => 'openFetch' in window)
  await page.evaluate(async () => {
    window.call = await window.openFetch()
  })
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

const bodies: [name: CallName, body: RegExp][] = [
  ['text in an init', /^text$/],
  ['a form in an init', /name="name"\r\n\r\nAda[\s\S]*filename="notes.txt"[\s\S]*contents/],
  ['text in a Request', /^text$/],
  ['a Blob in a Request', /^bytes$/],
  ['a form in a Request', /name="name"\r\n\r\nAda[\s\S]*filename="notes.txt"[\s\S]*contents/],
  ['a Request that outlives the page', /^kept$/],
  ['a Request without a referrer', /^text$/],
]

/** Without the boundary of a form, which may be made anew. */
const typeOf = ({ headers }: RecordedRequest): string =>
  String(headers['content-type']).split(';')[0] as string

test.each(bodies)('%s is sent again after a refusal, whole', async (name, body) => {
  accepted = 'nobody'
  server.requests.length = 0
  const { status, text } = await page.evaluate((name) => window.call(name), name)
  expect(status).toBe(200)
  expect(text).toMatch(body)
  const sent = server.requests.filter(({ url }) => url === '/echo')
  expect(sent).toHaveLength(2)
  for (const request of sent) {
    expect(request.body).toMatch(body)
    expect(typeOf(request)).toBe(typeOf(sent[0] as RecordedRequest))
    expect(request.headers.referer).toBe(name.includes('without') ? undefined : `${server.origin}/page`)
  }
  expect(server.requests.filter(({ url }) => url === '/auth/refresh')).toHaveLength(1)
})
