import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Context, createContext, runInContext } from 'node:vm'
import axios, { type AxiosAdapter } from 'axios'
import { expect, inject, test } from 'vitest'

const script = readFileSync(join(inject('packed').directory, 'dist/latchkey.iife.min.js'), 'utf8')

/** A place with axios in it and little else: what is found there afterwards came with latchkey. */
function page(): Context {
  return createContext({ axios, URL, AbortController, setTimeout, clearTimeout })
}

test('the script tag defines one global, latchkey', () => {
  const window = page()
  const before = globals(window)
  runInContext(script, window)
  expect(globals(window).filter((name) => !before.includes(name))).toEqual(['latchkey'])
})

function globals(window: Context): string[] {
  return runInContext('Reflect.ownKeys(globalThis).map(String)', window)
}

test('the script tag has all that latchkey exports, and withSession of latchkey/axios', async () => {
  const window = page()
  runInContext(script, window)
  const exported = Object.keys(await import('../../src/index.js'))
  expect(Object.keys(window.latchkey).sort()).toEqual([...exported, 'withSession'].sort())
})

test('a page with axios and latchkey as script tags sends its access token', async () => {
  const window = page()
  const sent: unknown[] = []
  const adapter: AxiosAdapter = async (config) => {
    sent.push(config.headers.get('Authorization'))
    return { data: null, status: 200, statusText: 'OK', headers: {}, config }
  }
  window.adapter = adapter
  runInContext(script, window)
  await runInContext(
    `(async () => {
    const session = latchkey.createSession({
      refresh: async () => { throw new Error('no refresh is due') },
      store: latchkey.memoryStore(),
    })
    const api = latchkey.withSession(axios.create({ baseURL: 'https://api.example.com', adapter }), session)
    await session.setTokens({ accessToken: 'the-token', refreshToken: 'the-refresh-token', expiresIn: 3600 })
    await api.get('/me')
    session.dispose()
  })()`,
    window,
  )
  expect(sent).toEqual(['Bearer the-token'])
})
