import axios, { type AxiosAdapter, AxiosError } from 'axios'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { withSession } from '../../src/axios.js'
import { createDatabase } from '../../src/browser/database.js'
import { indexedDbStore } from '../../src/browser/indexed-db-store.js'
import { withSession as withFetch } from '../../src/fetch.js'
import {
  AuthError,
  type Session,
  type SessionOptions,
  type TokenSet,
  webStorageStore,
} from '../../src/index.js'
import { useBackend } from '../support/backend.js'
import { openTab } from '../support/fake-tab.js'
import { guard, openSession } from '../support/guarded-api.js'
import { storedRecord } from '../support/stored-record.js'
import { unsignedJwt } from '../support/unsigned-jwt.js'
import { leakWatch } from './leak-watch.js'
import { searchNewGlobals } from './new-globals.js'

// Each leak is planted in the place that the watch is there for, through the library where it can be brought to leak. That
// the watch sees it here, in a file like any other, says that it would have seen it in all of them.

useBackend()
beforeEach(() => vi.stubGlobal('indexedDB', new IDBFactory()))
afterEach(() => {
  vi.unstubAllGlobals()
  localStorage.clear()
})

const jwt = unsignedJwt({ sub: 'ada', role: 'of some length' })

async function signedIn(tokens: TokenSet, options: Partial<SessionOptions> = {}): Promise<Session> {
  const session = openSession(options)
  await session.setTokens(tokens)
  return session
}

const both: TokenSet = { accessToken: 'access-1', refreshToken: 'refresh-1' }
const caught = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error)

/** An API whose every request fails with this error. */
const failing = (session: Session, fail: AxiosAdapter) =>
  withSession(axios.create({ baseURL: 'http://app.test/api', adapter: fail }), session)

const plants: [where: string, plant: () => Promise<unknown>, finding: RegExp][] = [
  [
    'an event and the debug output, by the path of a request',
    async () =>
      guard(await signedIn({ accessToken: 'access-9', refreshToken: 'refresh-1' })).get('/access-9'),
    /^an event shows access-9: .*request-held/,
  ],
  [
    'the debug output',
    async () =>
      guard(await signedIn({ accessToken: 'access-9', refreshToken: 'refresh-1' })).get('/access-9'),
    /^the debug output shows access-9: .*request-held/,
  ],
  [
    'the state, by a claim',
    () => signedIn({ accessToken: unsignedJwt({ jti: 'refresh-1' }), refreshToken: 'refresh-1' }),
    /^the state shows refresh-1: .*claims/,
  ],
  [
    'the message of an error',
    async () => {
      const refresh = async ({ tokens }: { tokens: TokenSet }): Promise<never> => {
        throw new AuthError('REFRESH_FAILED', `refused: ${tokens.refreshToken}`)
      }
      vi.useFakeTimers()
      onTestFinished(() => void vi.useRealTimers())
      const refreshed = caught((await signedIn(both, { refresh })).refresh())
      await vi.advanceTimersByTimeAsync(60_000)
      await refreshed
    },
    /^the error of session.refresh shows refresh-1: .*message/,
  ],
  [
    'the cause of a cause, out of sight',
    async () => {
      const hidden = Object.defineProperty({}, 'hidden', { value: jwt.split('.')[1] })
      const cause = new Error('no', { cause: new Error('no', { cause: hidden }) })
      const api = failing(await signedIn({ accessToken: jwt }), () =>
        Promise.reject(Object.assign(new AxiosError('no'), { cause })),
      )
      return api.get('/me')
    },
    /^the error of a request shows \S+: \.cause\.cause\.cause\.hidden/,
  ],
  [
    'the message of an AxiosError',
    async () => {
      const api = failing(await signedIn(both), (config) =>
        Promise.reject(new AxiosError(`sent ${config.headers.get('Authorization')}`)),
      )
      return api.get('/me')
    },
    /^the error of a request shows access-1: .*message/,
  ],
  [
    'the error of a guarded fetch',
    async () => {
      const fetch = withFetch(
        (_, init) => Promise.reject(new TypeError(`sent ${new Headers(init?.headers).get('Authorization')}`)),
        await signedIn(both),
      )
      return fetch('/me')
    },
    /^the error of a fetch shows access-1: .*message/,
  ],
  [
    'the config of a response',
    async () => {
      const api = withSession(axios.create({ baseURL: 'http://app.test/api' }), await signedIn(both))
      const kept: unknown[] = []
      api.interceptors.response.use((response) => {
        Object.assign(response.config, { kept: [...kept, 'access-1'] })
        return response
      })
      return api.get('/me')
    },
    /^the config of a response shows access-1: /,
  ],
  [
    'a token that is but a word',
    async () => {
      const api = failing(await signedIn({ accessToken: 'word' }), () =>
        Promise.reject(Object.assign(new AxiosError('no'), { header: 'Bearer word' })),
      )
      return api.get('/me')
    },
    /^the error of a request shows word: \.header$/,
  ],
  [
    'a message to other tabs',
    async () => {
      const record = storedRecord({ session: 'refresh-1' })
      const tab = openTab({ store: { read: () => record, write() {} } })
      tab.endpoint.answers({ kind: 'ended', error: new AuthError('SESSION_EXPIRED', 'refused') })
      await tab.session.ready
      return tab.session.refresh()
    },
    /^a message to other tabs shows refresh-1: /,
  ],
  [
    'the key of a storage',
    () => signedIn(both, { store: webStorageStore('local'), name: 'access-1' }),
    /^the key of a storage shows access-1/,
  ],
  [
    'the name of a database',
    () => signedIn(both, { store: indexedDbStore('access-1') }),
    /^the name of a database shows access-1/,
  ],
  [
    'a key in IndexedDB',
    async () => {
      await signedIn(both)
      const records = createDatabase('planted')
      await records.run('readwrite', (store) => {
        store.put(true, 'access-1')
        return () => {}
      })
      records.close()
    },
    /^a key in IndexedDB shows access-1/,
  ],
  [
    'a URL',
    async () => guard(await signedIn(both)).get('/me', { params: { next: 'access-1' } }),
    /^a URL shows access-1: http:\/\/app\.test\/api\/me\?next=access-1/,
  ],
  [
    'the console',
    async () => {
      await signedIn(both)
      console.log('planted on purpose:', both)
    },
    /^console\.log shows (access|refresh)-1/,
  ],
]

test.each(plants)('a token in %s is found', async (_, plant, finding) => {
  await caught(plant())
  expect(leakWatch.take()).toEqual(expect.arrayContaining([expect.stringMatching(finding)]))
})

test('what the caller itself gave, and what the server replied, are theirs', async () => {
  const api = failing(await signedIn(both), (config) =>
    Promise.reject(
      new AxiosError(
        'no',
        undefined,
        config,
        { sent: config.headers },
        {
          config,
          data: 'Bearer access-1',
          headers: {},
          status: 500,
          statusText: '',
        },
      ),
    ),
  )
  await caught(api.post('/me', { old: 'refresh-1' }))
  expect(leakWatch.take()).toEqual([])
})

test('a token of the test before is forgotten', () => {
  leakWatch.saw('the next test', 'access-1')
  expect(leakWatch.take()).toEqual([])
})

test('a token in a new global is found', async () => {
  await signedIn(both)
  Object.assign(globalThis, { planted: { deep: [both] } })
  searchNewGlobals()
  Reflect.deleteProperty(globalThis, 'planted')
  expect(leakWatch.take()).toEqual([expect.stringMatching(/^window.planted shows access-1, refresh-1/)])
})
