// How many files a reader has to open who follows one request through the library.
import axios, { type AxiosAdapter, type AxiosInstance } from 'axios'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { withSession } from '../../src/axios.js'
import { createSession } from '../../src/index.js'
import { headerPair } from '../../src/servers.js'
import { recordCalls } from '../support/called-functions.js'
import { createFakeLockManager } from '../support/fake-lock-manager.js'
import { settled } from '../support/settled.js'

// As in production, and without the watch of the other tests, which listens to each session.
vi.mock('../../src/development/is-development.js', () => ({ isDevelopment: false }))
vi.unmock('../../src/core/session.js')
vi.unmock('../../src/index.js')
vi.unmock('../../src/axios.js')
vi.unmock('../../src/browser/database.js')

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.stubGlobal('indexedDB', new IDBFactory())
  Object.defineProperty(navigator, 'locks', { value: createFakeLockManager(), configurable: true })
})
afterEach(() => {
  Reflect.deleteProperty(navigator, 'locks')
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/**
 * A user who has signed in on a page with all that a browser has, and the tokens that the API sees. One request has been
 * sent: the first also finds out what is kept for the others, such as the verdict on the base URL.
 */
async function signIn(): Promise<{ api: AxiosInstance; sent: unknown[] }> {
  const session = createSession({ refresh: headerPair({ url: '/auth/refresh' }) })
  onTestFinished(() => session.dispose())
  const sent: unknown[] = []
  const adapter: AxiosAdapter = async (config) => {
    sent.push(config.headers.get('Authorization'))
    return { data: 'fine', status: 200, statusText: 'OK', headers: {}, config }
  }
  const api = withSession(axios.create({ baseURL: 'https://api.example.com', adapter }), session)
  await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1', expiresIn: 60 })
  await api.get('/first')
  await settled()
  sent.length = 0
  return { api, sent }
}

/** The files of src/ in which a function is called from the beginning of `request` until nothing is left to do. */
async function filesCalledBy(request: () => Promise<unknown>): Promise<string[]> {
  const calls = await recordCalls()
  await calls.start()
  await request()
  await settled()
  const called = await calls.stop()
  return [...called.keys()].filter((file) => !file.startsWith('development/')).sort()
}

const listOf = (files: string[]): string => `${files.length} files: ${files.join(', ')}`

test('a request with a valid token passes through at most 9 files', async () => {
  const { api, sent } = await signIn()
  const files = await filesCalledBy(() => api.get('/me'))
  expect(sent).toEqual(['Bearer access-1'])
  expect(files).toEqual(expect.arrayContaining(['axios', 'http/authenticated-request', 'core/session']))
  expect(files.length, listOf(files)).toBeLessThanOrEqual(9)
})

test('a request that waits for the refresh of an expired token passes through at most 32 files', async () => {
  const refresh = vi.fn(async () => Response.json({ accessToken: 'access-2', refreshToken: 'refresh-2' }))
  vi.stubGlobal('fetch', refresh)
  const { api, sent } = await signIn()
  vi.setSystemTime(Date.now() + 60_000)
  const files = await filesCalledBy(() => api.get('/me'))
  expect(sent).toEqual(['Bearer access-2'])
  expect(refresh).toHaveBeenCalledTimes(1)
  const parts = ['axios', 'browser/indexed-db-store', 'browser/web-lock', 'http/refresh-call']
  expect(files).toEqual(expect.arrayContaining(parts))
  expect(files.length, listOf(files)).toBeLessThanOrEqual(32)
})
