// @vitest-environment-options { "url": "https://app.example.com/p/" }
import axios, { type AxiosAdapter, AxiosError, type AxiosInstance, type AxiosRequestConfig } from 'axios'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { withSession } from '../../src/axios.js'
import { createSession, memoryStore, type Session, type SessionOptions } from '../../src/index.js'
import { headerPair } from '../../src/servers.js'

/** What the browser would send, and where to. */
interface Sent {
  url: URL
  authorization: string | undefined
  headers: Map<string, string>
}

let sent: Sent[]

/** The browser's own part: resolves the URL as it does, and answers 200. */
class RecordingXhr {
  readonly #headers = new Map<string, string>()
  #url: URL | undefined
  status = 200
  statusText = ''
  responseText = ''
  onloadend: (() => void) | undefined

  open(_: string, url: string): void {
    this.#url = new URL(url, document.baseURI)
  }
  setRequestHeader(name: string, value: string): void {
    this.#headers.set(name.toLowerCase(), value)
  }
  getAllResponseHeaders(): string {
    return ''
  }
  addEventListener(): void {}
  send(): void {
    const url = this.#url as URL
    sent.push({ url, authorization: this.#headers.get('authorization'), headers: this.#headers })
    queueMicrotask(() => this.onloadend?.())
  }
}

beforeEach(() => {
  sent = []
  vi.stubGlobal('XMLHttpRequest', RecordingXhr)
})
afterEach(() => {
  vi.unstubAllGlobals()
  document.head.replaceChildren()
})

async function signedIn(options: Partial<SessionOptions> = {}): Promise<Session> {
  const session = createSession({
    refresh: headerPair({ url: 'https://api.example.com/auth/refresh' }),
    store: memoryStore(),
    ...options,
  })
  onTestFinished(session.dispose)
  await session.setTokens({ accessToken: 'access', refreshToken: 'refresh' })
  return session
}

/** `token`: sent with it; `bare`: sent without; `unsent`: refused, by the library, by axios or by the browser. */
type Fate = 'token' | 'bare' | 'unsent'
/** As a row has it; `tokenless` is `bare` or `unsent`, which is the affair of axios. */
type Expected = Fate | 'tokenless'

async function fateOf(api: AxiosInstance, config: AxiosRequestConfig): Promise<Fate> {
  const before = sent.length
  await api.request(config).catch((error: unknown) => error)
  expect(sent.length - before).toBeLessThanOrEqual(1)
  const request = sent[before]
  if (!request) return 'unsent'
  expect([undefined, 'Bearer access']).toContain(request.authorization)
  return request.authorization === undefined ? 'bare' : 'token'
}

const bases = {
  absolute: 'https://api.example.com/v1',
  relative: '/v1',
  root: '/',
  none: undefined,
}
type Base = keyof typeof bases

/** Whose origin is ours, by base. */
const ownOrigin: Record<Base, string> = {
  absolute: 'https://api.example.com',
  relative: 'https://app.example.com',
  root: 'https://app.example.com',
  none: 'https://app.example.com',
}

type Fates = Partial<Record<Base, Expected>>
const everywhere = (fate: Expected): Fates => ({ absolute: fate, relative: fate, root: fate, none: fate })
/** A full URL, whose base does not count but for whose origin it is. */
const onApi = (fate: Fate): Fates => ({ absolute: fate, relative: 'bare', root: 'bare', none: 'bare' })
const rows: [row: string, claim: string, urls: unknown[], fates: Fates][] = [
  ['U1', 'a path, a query or a fragment', ['/users', 'users', '?x=1', '#a', ''], everywhere('token')],
  [
    'U2',
    'the origin in another spelling',
    [
      'https://api.example.com/x',
      'HTTPS://API.EXAMPLE.COM/x',
      'https://api.example.com:443/x',
      'https://api.example.com:0443/x',
      'https://api.example.com:/',
    ],
    onApi('token'),
  ],
  ['U3', 'another host', ['https://evil.com/x', 'HTTPS://EVIL.com'], everywhere('bare')],
  ['U4', 'another host without a scheme', ['//evil.com', '///evil.com'], everywhere('bare')],
  ['U5', 'the host without a scheme, for the page has https', ['//api.example.com/x'], onApi('token')],
  [
    'U6',
    'another host behind backslashes',
    ['/\\evil.com', '\\\\evil.com', '\\/evil.com', '/\\/evil.com'],
    { absolute: 'token', relative: 'token', none: 'bare' },
  ],
  [
    'U6',
    'another host behind one backslash, where the base ends in a slash',
    ['\\evil.com'],
    { absolute: 'token', relative: 'token', root: 'bare', none: 'token' },
  ],
  [
    'U7',
    'another host behind a tab or a line break',
    ['/\t/evil.com', '/\n/evil.com', '\t//evil.com'],
    { absolute: 'token', relative: 'token', none: 'bare' },
  ],
  [
    'U8',
    'another host behind white space',
    [' https://evil.com', '\thttps://evil.com', 'ht\ntps://evil.com'],
    { none: 'bare' },
  ],
  [
    'U9',
    'a scheme without slashes',
    ['https:evil.com', 'https:/evil.com', 'https:\\\\evil.com'],
    everywhere('unsent'),
  ],
  [
    'U10',
    'the host as a user of another',
    ['https://api.example.com@evil.com/', 'https://api.example.com:443@evil.com'],
    everywhere('tokenless'),
  ],
  [
    'U11',
    'a user and a password',
    ['https://user:pw@api.example.com/', 'https://user@api.example.com/'],
    { ...everywhere('tokenless'), ...onApi('unsent') },
  ],
  ['U12', 'the host before a backslash', ['https://api.example.com\\@evil.com/'], onApi('token')],
  [
    'U13',
    'the host before a fragment or a query',
    ['https://api.example.com#@evil.com', 'https://api.example.com?@evil.com'],
    onApi('token'),
  ],
  [
    'U14',
    'a host that only looks alike',
    ['https://api.example.com.evil.com', 'https://evilapi.example.com', 'https://api.example.com%2eevil.com'],
    everywhere('bare'),
  ],
  ['U15', 'the host with a dot at its end', ['https://api.example.com./x'], everywhere('bare')],
  ['U16', 'another port', ['https://api.example.com:8443/x'], everywhere('bare')],
  // U17 also asks for a refusal; it goes out as it is, without the token, like any request that is not ours.
  ['U17', 'plain http', ['http://api.example.com/x', 'http://app.example.com/x'], everywhere('bare')],
  ['U18', 'a host in look-alike letters', ['https://аpi.example.com'], everywhere('bare')],
  [
    'U19',
    'the host in letters that are the same to a browser',
    ['https://ａｐｉ.example.com', 'https://api。example。com', 'https://ap\u00adi.example.com'],
    onApi('token'),
  ],
  [
    'U20',
    'what is no URL',
    ['https://api.example.com:65536', 'https://api.example.com%00.evil.com', 'https://‥/'],
    everywhere('unsent'),
  ],
  [
    'U21',
    'this machine, when nobody asked for it',
    [
      'https://2130706433/',
      'https://0x7f.1/',
      'https://[::1]/',
      'http://[::ffff:127.0.0.1]/',
      'http://localhost.evil.com/',
    ],
    everywhere('bare'),
  ],
  [
    'U22',
    'another scheme with slashes',
    ['file:///x', 'ws://api.example.com', 'wss://api.example.com'],
    everywhere('tokenless'),
  ],
  [
    'U22',
    'another scheme without slashes, where there is no base',
    ['data:text/plain,x', 'blob:https://app.example.com/1', 'javascript:alert(1)', 'about:blank'],
    { none: 'tokenless' },
  ],
  // U23 and U24: there is no rule by path, only by origin.
  [
    'U23',
    'dots in the path',
    ['../../admin', '/v1/../../admin', '%2e%2e/admin', '/a\\..\\b'],
    everywhere('token'),
  ],
  ['U24', 'a path that only begins like the base', ['/v10/x'], everywhere('token')],
  ['U25', 'null or undefined as the base itself', [null, undefined], everywhere('token')],
]

describe.each(Object.keys(bases) as Base[])('with the base URL %s', (base) => {
  const cases = rows.flatMap(([row, claim, urls, fates]) => {
    const fate = fates[base]
    return fate ? ([[row, claim, fate, urls]] as const) : []
  })
  test.each(cases)('%s: %s is %s', async (_, __, fate, urls) => {
    const session = await signedIn()
    const baseURL = bases[base]
    const api = withSession(axios.create(baseURL === undefined ? {} : { baseURL }), session)
    const fates = []
    for (const url of urls) {
      const own = await fateOf(api, { url: url as string })
      fates.push([url, fate === 'tokenless' && own !== 'token' ? fate : own])
    }
    expect(fates).toEqual(urls.map((url) => [url, fate]))
    for (const { url, authorization } of sent) {
      if (authorization !== undefined) expect(url.origin).toBe(ownOrigin[base])
    }
  })
})

/** With and without the base in front, whatever they make of it: what carries the token reaches our origin. */
test.each([undefined, '', '/', '//', 'https://', 'https://api.example.com', 'https://api.example.com/v1/'])(
  'U6, U7, U8: with the base URL %j no spelling takes the token elsewhere, allowAbsoluteUrls or not',
  async (baseURL) => {
    const session = await signedIn()
    const api = withSession(axios.create(baseURL === undefined ? {} : { baseURL }), session)
    const origin = baseURL?.includes('api') ? 'https://api.example.com' : 'https://app.example.com'
    for (const url of rows.flatMap(([, , urls]) => urls)) {
      await fateOf(api, { url: url as string, allowAbsoluteUrls: false })
      await fateOf(api, { url: url as string, allowAbsoluteUrls: true })
    }
    const strays = sent.filter(
      ({ url, authorization }) => authorization !== undefined && url.origin !== origin,
    )
    expect(strays.map(({ url }) => url.href)).toEqual([])
  },
)

test.each([
  7,
  {},
  new URL('https://evil.com/'),
  { toString: () => 'https://evil.com' },
  ['https://evil.com'],
  true,
])('U25: %s for a URL takes no token elsewhere, and nothing hangs', async (url) => {
  const session = await signedIn()
  for (const baseURL of ['https://api.example.com', '/v1', undefined]) {
    const api = withSession(axios.create(baseURL === undefined ? {} : { baseURL }), session)
    await fateOf(api, { url: url as unknown as string })
  }
  const strays = sent.filter(({ url, authorization }) => authorization && url.host === 'evil.com')
  expect(strays).toEqual([])
})

describe('U26: a <base> element that leads elsewhere', () => {
  const setBase = (href: string): void => {
    const base = document.createElement('base')
    base.href = href
    document.head.append(base)
  }

  test.each(['/v1', 'v1', undefined])('takes no token along from the base URL %s', async (baseURL) => {
    const session = await signedIn()
    const api = withSession(axios.create(baseURL === undefined ? {} : { baseURL }), session)
    expect(await fateOf(api, { url: '/me' })).toBe('token')
    setBase('https://evil.com/')
    expect(await fateOf(api, { url: '/me' })).toBe('bare')
    expect(sent.at(-1)?.url.origin).toBe('https://evil.com')
  })

  test('does not matter to a full base URL', async () => {
    const session = await signedIn()
    setBase('https://evil.com/')
    const api = withSession(axios.create({ baseURL: 'https://api.example.com' }), session)
    expect(await fateOf(api, { url: '/me' })).toBe('token')
  })

  test('does not take the refresh token along, before or after', async () => {
    const calls: string[] = []
    vi.stubGlobal('fetch', (url: string) => {
      calls.push(url)
      return Promise.resolve(new Response('{"accessToken":"next"}'))
    })
    const session = await signedIn({ refresh: headerPair({ url: '/auth/refresh' }) })
    setBase('https://evil.com/')
    await session.refresh()
    expect(calls).toEqual(['https://app.example.com/auth/refresh'])
    expect(() => createSession({ refresh: headerPair({ url: '/auth/refresh' }) })).toThrow(TypeError)
  })

  test('by its path alone is followed, for it is ours', async () => {
    setBase('/deep/')
    const session = await signedIn()
    const api = withSession(axios.create(), session)
    expect(await fateOf(api, { url: 'me' })).toBe('token')
    expect(sent.at(-1)?.url.href).toBe('https://app.example.com/deep/me')
  })
})

test('U27: a page without an origin of its own has no relative URL that is ours', async () => {
  vi.spyOn(window, 'origin', 'get').mockReturnValue('null')
  onTestFinished(() => void vi.restoreAllMocks())
  const session = await signedIn()
  expect(await fateOf(withSession(axios.create({ baseURL: '/v1' }), session), { url: '/me' })).toBe('bare')
  const full = withSession(axios.create({ baseURL: 'https://api.example.com' }), session)
  expect(await fateOf(full, { url: '/me' })).toBe('token')
  expect(() => createSession({ refresh: headerPair({ url: '/auth/refresh' }) })).toThrow(/url takes/)
})

test.each(['https://evil.com', '//evil.com', 'http://api.example.com'])(
  'U28: the base URL %s of one request is not ours',
  async (baseURL) => {
    const session = await signedIn()
    const api = withSession(axios.create({ baseURL: 'https://api.example.com/v1' }), session)
    expect(await fateOf(api, { url: '/me', baseURL })).toBe('bare')
  },
)

describe('U29: an interceptor', () => {
  const changes: [string, AxiosRequestConfig, Fate][] = [
    ['the URL', { url: 'https://evil.com/me' }, 'bare'],
    ['the base URL', { baseURL: 'https://evil.com' }, 'bare'],
    ['the query', { params: { next: 'https://evil.com' } }, 'token'],
    ['the method', { method: 'delete' }, 'token'],
  ]
  test.each(changes)(
    'that changes %s, before or after ours, is judged by what is sent',
    async (_, change, fate) => {
      const session = await signedIn()
      for (const order of ['before', 'after']) {
        const api = axios.create({ baseURL: 'https://api.example.com/v1' })
        const intercept = (): unknown =>
          api.interceptors.request.use((config) => Object.assign(config, change))
        if (order === 'before') intercept()
        withSession(api, session)
        if (order === 'after') intercept()
        expect(await fateOf(api, { url: '/me' })).toBe(fate)
      }
    },
  )

  test('that puts its own adapter in place of ours gets no token', async () => {
    const session = await signedIn()
    const seen: unknown[] = []
    const adapter: AxiosAdapter = (config) => {
      seen.push(config.headers.get('Authorization'))
      return Promise.reject(new AxiosError('stolen'))
    }
    const api = axios.create({ baseURL: 'https://api.example.com/v1' })
    api.interceptors.request.use((config) => Object.assign(config, { adapter }))
    withSession(api, session)
    await api.get('/me').catch(() => {})
    expect(seen).toEqual([undefined])
  })
})

describe('U30: a request that carries a token in its query', () => {
  const configs: [string, AxiosRequestConfig][] = [
    ['by params', { url: '/me', params: { access_token: 'own' } }],
    ['by URLSearchParams', { url: '/me', params: new URLSearchParams({ access_token: 'own' }) }],
    ['by its URL', { url: '/me?access_token=own' }],
    ['further on in its URL', { url: '/me?a=1&access_token=own' }],
  ]
  // Without the warning that the row asks for: what the request carries is its own affair, as with a header of its own, and
  // some services take their keys by just this name.
  test.each(configs)('%s gets no second one (RFC 6750 section 2)', async (_, config) => {
    const session = await signedIn()
    const api = withSession(axios.create({ baseURL: 'https://api.example.com/v1' }), session)
    expect(await fateOf(api, config)).toBe('bare')
  })

  test('by another name gets ours', async () => {
    const session = await signedIn()
    const api = withSession(axios.create({ baseURL: 'https://api.example.com/v1' }), session)
    expect(await fateOf(api, { url: '/me?my_access_token=own', params: { access: 'token' } })).toBe('token')
  })
})

// Where a redirect leads is the browser's affair: it takes Authorization off a request to another origin (U31), and keeps
// it on the same (U32).
test('U31: no header but Authorization is added, for a redirect would take any other along', async () => {
  const session = await signedIn()
  const instance = (): AxiosInstance => axios.create({ baseURL: 'https://api.example.com/v1' })
  await instance().post('/me', { a: 1 })
  await withSession(instance(), session).post('/me', { a: 1 })
  const [bare, ours] = sent.map(({ headers }) => [...headers.keys()])
  expect(ours?.filter((name) => !bare?.includes(name))).toEqual(['authorization'])
})

test('U33: a URL of 1 MB is judged like any other', async () => {
  const session = await signedIn()
  const api = withSession(axios.create({ baseURL: 'https://api.example.com/v1' }), session)
  const none = withSession(axios.create(), session)
  for (const part of ['a', '/', '\\', '1/', ':', 'a:', '\t', '%', '.', '../']) {
    const long = part.repeat(1e6 / part.length)
    await fateOf(api, { url: long })
    await fateOf(none, { url: long })
    await fateOf(none, { url: `https://${long}` })
  }
  expect(await fateOf(api, { url: '/a'.repeat(5e5) })).toBe('token')
  const strays = sent.filter(({ url, authorization }) => authorization && !url.host.endsWith('.example.com'))
  expect(strays).toEqual([])
})
