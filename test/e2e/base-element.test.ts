import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import type { BaseApp } from './support/base-page.js'
import { bundle } from './support/bundle.js'
import { type Checkpoint, createCheckpoint } from './support/checkpoint.js'
import type { Engine } from './support/engine.js'
import { enginesInTurn } from './support/found-engines.js'
import { answerJson, type RecordingServer, startRecordingServer } from './support/recording-server.js'
import { eventually } from './support/workbench.js'

/** The page's origin, and the one that a `<base>` of somebody else's leads to. */
let home: RecordingServer
let evil: RecordingServer
let accepted = ''
let refreshing: Checkpoint | undefined

beforeAll(async () => {
  const script = await bundle('base-page.ts', 'iife')
  evil = await startRecordingServer((_, response) => answerJson(response, 200, {}))
  home = await startRecordingServer(async ({ url, headers }, response) => {
    if (url === '/page.js')
      return void response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script)
    if (url.startsWith('/page')) {
      const base = url.includes('base') ? `<base href="${evil.origin}/lair/">` : ''
      const head = `<link rel="icon" href="data:,"><script src="/page.js"></script>${base}`
      response.writeHead(200, { 'Content-Type': 'text/html' }).end(`<!doctype html><head>${head}</head>`)
      return
    }
    if (url === '/auth/refresh') {
      await refreshing?.pass()
      return answerJson(response, 200, { accessToken: accepted, refreshToken: 'refresh-1' })
    }
    answerJson(response, headers.authorization === `Bearer ${accepted}` ? 200 : 401, {})
  })
})

afterAll(() => Promise.all([home, evil].map((server) => server?.close())))

const posts = (): RecordingServer['requests'] =>
  home.requests.filter(({ method, url }) => method === 'POST' && url.startsWith('/api/'))

/** What the page's own origin was sent with a good token, and no other origin anything. */
function expectAllAtHome(count: number, outcomes: unknown): void {
  expect(evil.requests).toEqual([])
  expect(outcomes).toEqual(Array.from({ length: count }, () => 200))
  const good = posts().filter(({ headers }) => headers.authorization === `Bearer ${accepted}`)
  expect(new Set(good.map(({ url }) => url)).size).toBe(count)
  for (const { body, url } of good) expect([url, body]).toEqual([url, 'the body'])
}

describe.each(enginesInTurn(inject('engines')))('%s', (_, launch) => {
  let engine: Engine

  beforeAll(async () => {
    engine = await launch()
  })
  afterAll(() => engine?.close())
  afterEach(async () => {
    await engine.closeTabs()
    for (const server of [home, evil]) server.requests.length = 0
    refreshing = undefined
  })

  async function open(query: string) {
    const { call } = await engine.open(`${home.origin}/page?${query}`)
    return call as unknown as <Name extends keyof BaseApp>(
      name: Name,
      ...args: Parameters<BaseApp[Name]>
    ) => Promise<Awaited<ReturnType<BaseApp[Name]>>>
  }

  test('a <base> further down the page, while requests wait for the first reading of the store: all go where they were meant to', async () => {
    accepted = 'access-0'
    const before = await open('')
    await before('signIn')
    const call = await open('at-once&base')
    expect(await call('base')).toBe(`${evil.origin}/lair/`)
    const outcomes = (await call('outcomes')) as number[]
    expectAllAtHome(7, outcomes)
    expect(posts()).toHaveLength(7)
  })

  test.each([
    ['that has expired', 0.001, 7],
    ['that was refused', undefined, 14],
  ])(
    'a <base> that is inserted while requests wait for a token in place of one %s: all go where they were meant to',
    async (_, expiresIn, sendings) => {
      accepted = 'access-1'
      refreshing = createCheckpoint()
      const call = await open('')
      await call('signIn', expiresIn)
      const count = await call('post')
      await refreshing.reached
      await eventually(() => posts().length).toBe(sendings - count)
      await call('insertBase', `${evil.origin}/lair/`)
      expect(await call('base')).toBe(`${evil.origin}/lair/`)
      refreshing.open()
      expectAllAtHome(count, await call('outcomes'))
      expect(posts()).toHaveLength(sendings)
    },
  )
})
