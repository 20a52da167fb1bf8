import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import { bundle } from './support/bundle.js'
import type { Engine } from './support/engine.js'
import type { ForeignApp } from './support/foreign-page.js'
import { enginesInTurn } from './support/found-engines.js'
import { answerJson, type RecordingServer, startRecordingServer } from './support/recording-server.js'

/** The page's origin, which is the API's as well, and a stranger's. */
let home: RecordingServer
let evil: RecordingServer

beforeAll(async () => {
  const script = await bundle('foreign-page.ts')
  const hand = (owner: string): Record<string, string> => ({
    Authorization: `Bearer access-${owner}`,
    'Authorization-refresh': `Bearer refresh-${owner}`,
    'Access-Control-Expose-Headers': 'Authorization, Authorization-refresh',
  })
  evil = await startRecordingServer(({ url }, response) => {
    for (const [name, value] of Object.entries(hand('of-mallory'))) response.setHeader(name, value)
    answerJson(response, Number(url.slice(1)), {})
  })
  home = await startRecordingServer(({ url }, response) => {
    if (url === '/page.js') {
      response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script)
    } else if (url === '/page') {
      const head = '<link rel="icon" href="data:,"><script type="module" src="/page.js"></script>'
      response.writeHead(200, { 'Content-Type': 'text/html' }).end(`<!doctype html>${head}`)
    } else if (url.startsWith('/api/away/')) {
      response.writeHead(302, { Location: `${evil.origin}/${url.split('/').at(-1)}` }).end()
    } else {
      for (const [name, value] of Object.entries(hand('1'))) response.setHeader(name, value)
      answerJson(response, 200, {})
    }
  })
})

afterAll(() => Promise.all([home, evil].map((server) => server?.close())))

describe.each(enginesInTurn(inject('engines')))('%s', (_, launch) => {
  let engine: Engine

  beforeAll(async () => {
    engine = await launch()
  })
  afterAll(() => engine?.close())
  afterEach(async () => {
    await engine.closeTabs()
    for (const server of [home, evil]) server.requests.length = 0
  })

  async function open() {
    const { call } = await engine.open(`${home.origin}/page`)
    return call as unknown as <Name extends keyof ForeignApp>(
      name: Name,
      ...args: Parameters<ForeignApp[Name]>
    ) => Promise<Awaited<ReturnType<ForeignApp[Name]>>>
  }

  test.each(['xhr', 'fetch', 'fetch alone'] as const)(
    'by the client %s: a reply after a redirect to a foreign origin gives no tokens and causes no refresh, and one of the API does give them',
    async (client) => {
      const call = await open()
      await call('signIn')
      expect(await call('get', client, '/api/away/200')).toBe(200)
      expect(await call('get', client, '/api/away/401')).toBe(401)
      expect(await call('get', client, '/api/away/403')).toBe(403)
      expect(await call('keeps')).toBe('access-0')
      expect(await call('happened')).toEqual([])
      expect(home.requests.filter(({ url }) => url === '/auth/reissue')).toEqual([])
      expect(evil.requests.length).toBeGreaterThan(0)
      expect(JSON.stringify(evil.requests)).not.toMatch(/(access|refresh)-0/)

      expect(await call('get', client, '/api/me')).toBe(200)
      expect(await call('keeps')).toBe('access-1')
    },
  )
})
