import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { type Demo, startDemo } from '../../demo/server/start.mjs'

/** Long enough for a slow machine to do all that a test does with one token. */
const longLifeMs = 600_000
const shortLifeMs = 4_000

let browser: Browser
let context: BrowserContext
let demo: Demo

beforeAll(async () => {
  browser = await chromium.launch(inject('engines').chromium)
})

afterAll(() => browser?.close())

beforeEach(async () => {
  context = await browser.newContext()
})

afterEach(async () => {
  await context?.close()
  await demo?.close()
})

async function start(accessTokenLifetimeMs: number): Promise<void> {
  demo = await startDemo({ port: 0, accessTokenLifetimeMs, refreshLatencyMs: 200 })
}

async function open(): Promise<Page> {
  const page = await context.newPage()
  await page.goto(demo.url)
  return page
}

async function openSignedIn(): Promise<Page> {
  const page = await open()
  await page.getByTestId('sign-in').click()
  await page.getByTestId('session').waitFor()
  return page
}

/** Clicks, and waits until the last call of the run has settled. */
async function run(page: Page, button: string): Promise<void> {
  const report = page.getByTestId('happened')
  const runs = Number(await report.getAttribute('data-runs'))
  await page.getByTestId(button).click()
  await page.locator(`[data-testid=happened][data-runs="${runs + 1}"]`).waitFor({ state: 'attached' })
}

async function untilExpired(page: Page): Promise<void> {
  await page.locator('[data-life=expired]').waitFor()
}

describe('the demo page', () => {
  test('twenty calls at a token known to have expired cost one refresh, and none is refused', async () => {
    await start(shortLifeMs)
    const page = await openSignedIn()
    await run(page, 'burst-when-expired')
    expect(demo.counters).toMatchObject({ requests: 20, accepted: 20, refused: 0, refreshes: 1 })
    expect(demo.counters).toMatchObject({ refreshesRefused: 0, reuseDetected: 0, sessions: 1 })
  })

  test('twenty calls that the server refuses cost one refresh, and all are answered', async () => {
    await start(longLifeMs)
    const page = await openSignedIn()
    await run(page, 'surprise')
    expect(demo.counters).toMatchObject({ requests: 40, accepted: 20, refused: 20, refreshes: 1 })
    expect(demo.counters).toMatchObject({ refreshesRefused: 0, reuseDetected: 0, sessions: 1 })
  })

  test('calls with a good token go out without a refresh', async () => {
    await start(longLifeMs)
    const page = await openSignedIn()
    await run(page, 'call-once')
    expect(demo.counters).toMatchObject({ requests: 1, accepted: 1, refused: 0, refreshes: 0 })
  })

  test('an expired token is left alone until a call needs a new one', async () => {
    await start(shortLifeMs)
    const page = await openSignedIn()
    await untilExpired(page)
    expect(demo.counters.refreshes).toBe(0)
    await run(page, 'call-once')
    expect(demo.counters).toMatchObject({ requests: 1, accepted: 1, refused: 0, refreshes: 1 })
  })

  test('a reload keeps the user signed in, with a token that expired meanwhile as well', async () => {
    await start(shortLifeMs)
    const page = await openSignedIn()
    await page.reload()
    await page.getByTestId('session').waitFor()
    await untilExpired(page)
    await page.reload()
    await page.getByTestId('session').waitFor()
    await run(page, 'call-once')
    expect(demo.counters).toMatchObject({ requests: 1, accepted: 1, refused: 0, refreshes: 1, sessions: 1 })
  })

  test('two tabs whose shared token has ended cost one refresh', async () => {
    await start(longLifeMs)
    const [first, second] = [await openSignedIn(), await open()]
    await second.getByTestId('session').waitFor()
    await Promise.all([run(first, 'surprise'), run(second, 'burst')])
    await run(second, 'burst')
    expect(demo.counters).toMatchObject({ accepted: 60, refreshes: 1, refreshesRefused: 0, reuseDetected: 0 })
  })

  test('signing out ends the session on the server and in the browser', async () => {
    await start(longLifeMs)
    const page = await openSignedIn()
    expect(demo.counters.sessions).toBe(1)
    await page.getByTestId('sign-out').click()
    await page.getByTestId('signed-out').waitFor()
    expect(demo.counters.sessions).toBe(0)
    await page.reload()
    await page.getByTestId('signed-out').waitFor()
  })

  test('signing out during a refresh leaves nobody signed in, whatever the refresh brings', async () => {
    await start(longLifeMs)
    const page = await openSignedIn()
    await run(page, 'leave')
    expect(demo.counters).toMatchObject({ refreshes: 1, accepted: 0, sessions: 0 })
    await page.getByTestId('signed-out').waitFor()
    await page.reload()
    await page.getByTestId('signed-out').waitFor()
    expect(demo.counters).toMatchObject({ refreshes: 1, accepted: 0, sessions: 0 })
  })

  test('a wrong password starts no session', async () => {
    await start(longLifeMs)
    const page = await open()
    await page.getByTestId('password').fill('guess')
    await page.getByTestId('sign-in').click()
    await expect.poll(() => page.getByTestId('sign-in-complaint').textContent()).not.toBe('')
    expect(demo.counters.sessions).toBe(0)
  })

  test('no whole token is ever on the page', async () => {
    await start(longLifeMs)
    const page = await openSignedIn()
    const sent = new Set<string>()
    page.on('request', (request) => {
      const { authorization, refresh } = request.headers()
      for (const token of [authorization?.replace('Bearer ', ''), refresh]) if (token) sent.add(token)
    })
    await run(page, 'surprise')
    expect(sent.size, 'two access tokens and a refresh token').toBe(3)
    const html = await page.content()
    for (const token of sent) for (const part of token.split('.')) expect(html).not.toContain(part)
  })
})

describe('the demo server', () => {
  beforeEach(() => start(longLifeMs))

  const post = (path: string, headers: Record<string, string>, body?: unknown): Promise<Response> =>
    fetch(new URL(path, demo.url), {
      method: 'POST',
      headers: { ...headers, ...(body === undefined ? undefined : { 'content-type': 'application/json' }) },
      ...(body === undefined ? undefined : { body: JSON.stringify(body) }),
    })

  async function signIn(username: string, password: string): Promise<Tokens> {
    return (await post('/auth/login', {}, { username, password })).json()
  }

  const refresh = ({ accessToken, refreshToken }: Tokens): Promise<Response> =>
    post('/auth/refresh', { Authorization: `Bearer ${accessToken}`, Refresh: refreshToken })

  const expire = ({ accessToken }: Tokens): Promise<Response> =>
    post('/auth/expire', { Authorization: `Bearer ${accessToken}` })

  interface Tokens {
    accessToken: string
    refreshToken: string
  }

  test('an access token that has not expired is not renewed, and its refresh token is not spent', async () => {
    const tokens = await signIn('ada', 'analytical-engine')
    const early = await refresh(tokens)
    expect(early.status).toBe(400)
    expect(await early.json()).toEqual({ message: 'Access token is not expired' })
    await expire(tokens)
    expect((await refresh(tokens)).status).toBe(200)
  })

  test('a refresh token that comes a second time ends every token of its sign-in', async () => {
    const first = await signIn('ada', 'analytical-engine')
    await expire(first)
    const second: Tokens = await (await refresh(first)).json()
    expect((await refresh(first)).status).toBe(401)
    await expire(second)
    expect((await refresh(second)).status).toBe(401)
    expect(demo.counters).toMatchObject({ refreshes: 1, refreshesRefused: 2, reuseDetected: 1, sessions: 0 })
  })

  test("one user's refresh token does nothing for another user's access token", async () => {
    const [ada, grace] = [await signIn('ada', 'analytical-engine'), await signIn('grace', 'nanosecond')]
    await expire(ada)
    expect((await refresh({ ...ada, refreshToken: grace.refreshToken })).status).toBe(401)
    expect(demo.counters).toMatchObject({ refreshesRefused: 1, sessions: 2 })
  })

  test('a port that is taken makes it take another', async () => {
    const { port } = new URL(demo.url)
    const other = await startDemo({ port: Number(port) })
    try {
      expect(new URL(other.url).port).not.toBe(port)
      expect((await fetch(new URL('/api/counters', other.url))).status).toBe(200)
    } finally {
      await other.close()
    }
  })

  test('it prints the one address to open, and stops cleanly on Ctrl-C', async () => {
    const script = fileURLToPath(new URL('../../demo/server.mjs', import.meta.url))
    const child = spawn(process.execPath, [script], { env: { ...process.env, PORT: '0' } })
    const exited = once(child, 'exit')
    try {
      let printed = ''
      child.stdout.on('data', (chunk) => {
        printed += chunk
      })
      await expect.poll(() => printed, { timeout: 20_000 }).toContain('Ctrl-C')
      expect(printed.match(/http:\S+/g)).toHaveLength(1)
      child.kill('SIGINT')
      expect(await exited).toEqual([0, null])
    } finally {
      child.kill('SIGKILL')
    }
  })
})
