// @vitest-environment-options { "url": "https://app.example.com/p/here" }
import axios, { type AxiosAdapter, type AxiosInstance, type InternalAxiosRequestConfig } from 'axios'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { withSession } from '../../src/axios.js'
import { createSession, memoryStore } from '../../src/index.js'
import { headerPair } from '../../src/servers.js'
import { deferred } from '../support/deferred.js'

/** What went out: where to, as the browser resolves it at that very moment, and with what. */
let sent: [url: string, authorization: unknown][]

class RecordingXhr {
  #url = ''
  #authorization: string | undefined
  status = 200
  onloadend: (() => void) | undefined
  open(_: string, url: string): void {
    this.#url = new URL(url, document.baseURI).href
  }
  setRequestHeader(name: string, value: string): void {
    if (/^authorization$/i.test(name)) this.#authorization = value
  }
  getAllResponseHeaders(): string {
    return ''
  }
  addEventListener(): void {}
  send(): void {
    sent.push([this.#url, this.#authorization])
    queueMicrotask(() => this.onloadend?.())
  }
}

beforeEach(() => {
  sent = []
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.stubGlobal('XMLHttpRequest', RecordingXhr)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  document.head.replaceChildren()
  history.replaceState(null, '', '/p/here')
})

const evilBase = (): void => {
  const base = document.createElement('base')
  base.href = 'https://evil.test/'
  document.head.append(base)
}
const elsewhere = (): void => history.pushState(null, '', '/q/there')

/** An instance whose requests wait for a refresh, until the test lets it end. */
async function holding(baseURL: string | undefined) {
  const refresh = deferred<Response>()
  vi.stubGlobal('fetch', () => refresh.promise)
  const session = createSession({ refresh: headerPair({ url: '/auth/refresh' }), store: memoryStore() })
  onTestFinished(session.dispose)
  await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1', expiresIn: 15 })
  vi.setSystemTime(Date.now() + 15_000)
  const api: AxiosInstance = withSession(axios.create(baseURL === undefined ? {} : { baseURL }), session)
  const release = (): void =>
    refresh.resolve(Response.json({ accessToken: 'access-2', refreshToken: 'refresh-2' }))
  return { api, release }
}

/** As `axios-mock-adapter` does, it knows requests by their URL. */
function recorder() {
  const seen: InternalAxiosRequestConfig[] = []
  const adapter: AxiosAdapter = async (config) => {
    seen.push(config)
    return { status: 200, statusText: '', data: '', headers: {}, config }
  }
  return { adapter, seen, urls: () => seen.map(({ url, baseURL }) => [baseURL, url]) }
}

const places: [base: string | undefined, url: string, sentTo: string][] = [
  ['/v1', '/me', 'https://app.example.com/v1/me'],
  ['v1', 'me', 'https://app.example.com/p/v1/me'],
  [undefined, '/me', 'https://app.example.com/me'],
  [undefined, 'me', 'https://app.example.com/p/me'],
  [undefined, '?a=1#b', 'https://app.example.com/p/here?a=1#b'],
]

describe.each(places)('while a request is held, from the base URL %j to %j,', (base, url, sentTo) => {
  test.each([
    ['a <base> element that leads elsewhere', evilBase],
    ['a page that has moved on', elsewhere],
  ])('%s does not change where it goes', async (_, change) => {
    const { api, release } = await holding(base)
    const call = api.get(url)
    change()
    release()
    const { config } = await call
    expect(sent).toEqual([[sentTo, 'Bearer access-2']])
    expect([config.url, config.baseURL]).toEqual([url, base])
  })

  test.each<[string, () => void, unknown[]]>([
    ['the URL as it was, where it still means the same', () => {}, [base, url]],
    ['the whole URL, where the page has moved on', elsewhere, [undefined, sentTo]],
    ['the whole URL, where a <base> element has come', evilBase, [undefined, sentTo]],
  ])("an adapter of the app's is given %s", async (_, change, expected) => {
    const { api, release } = await holding(base)
    const { adapter, urls } = recorder()
    const call = api.get(url, { adapter })
    change()
    release()
    await call
    expect(urls()).toEqual([expected])
  })
})

test('a <base> element that comes before the reply does not change where a request is sent again', async () => {
  const { api, release } = await holding('/v1')
  const statuses = [401, 200]
  const urls: string[] = []
  release()
  await api.get('/first')
  const adapter: AxiosAdapter = async (config) => {
    urls.push(new URL(axios.getUri(config), document.baseURI).href)
    evilBase()
    return { status: statuses.shift() ?? 200, statusText: '', data: '', headers: {}, config }
  }
  vi.stubGlobal('fetch', async () => Response.json({ accessToken: 'access-3', refreshToken: 'refresh-3' }))
  expect((await api.get('/me', { adapter, validateStatus: null })).status).toBe(200)
  expect(urls).toEqual(['https://app.example.com/v1/me', 'https://app.example.com/v1/me'])
})

test.each([
  ['its URL', { url: 'https://evil.test/me' }],
  ['its base URL', { baseURL: 'https://evil.test' }],
])(
  'a config that has %s changed while it is held is sent to where it was judged to go',
  async (_, change) => {
    const { api, release } = await holding('https://app.example.com/v1')
    let config: object | undefined
    // The last step before the adapter, which sees the very config.
    api.defaults.transformRequest = [
      function (this: InternalAxiosRequestConfig) {
        config = this
      },
    ]
    const call = api.get('/me')
    Object.assign(config as unknown as object, change)
    release()
    await call
    expect(sent).toEqual([['https://app.example.com/v1/me', 'Bearer access-2']])
  },
)

test("axios' fetch adapter, which takes its time, is given the URL as it was judged", async () => {
  const { api, release } = await holding('/v1')
  const given: string[] = []
  const fetch = async (input: unknown) => {
    given.push((input as Request).url)
    return new Response('{}')
  }
  const call = api.get('/me', { adapter: 'fetch', env: { fetch } as never })
  evilBase()
  release()
  await call
  expect(given).toEqual(['https://app.example.com/v1/me'])
})
