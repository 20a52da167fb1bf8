// @vitest-environment-options { "url": "https://app.example.com/p/" }
import fc from 'fast-check'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { type Fetch, type WithSessionOptions, withSession } from '../../src/fetch.js'
import { createSession, memoryStore, type SessionOptions } from '../../src/index.js'
import { headerPair } from '../../src/servers.js'
import { whilePolluted } from '../support/polluted.js'

/** What the browser would send, and where to. */
interface Sent {
  url: URL
  authorization: string | null
}

/** `token`: sent with it; `bare`: sent without; `unsent`: refused, by the library or by the browser. */
type Fate = 'token' | 'bare' | 'unsent'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  document.head.replaceChildren()
})

async function open(options: Partial<SessionOptions> = {}, own: WithSessionOptions = {}) {
  const session = createSession({
    refresh: headerPair({ url: 'https://api.example.com/auth/refresh' }),
    store: memoryStore(),
    ...options,
  })
  onTestFinished(session.dispose)
  await session.setTokens({ accessToken: 'access', refreshToken: 'refresh' })
  const sent: Sent[] = []
  /** The browser's own part: resolves the URL as it does, refuses what it refuses, and answers 200. */
  const browser: Fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : String(input), document.baseURI)
    const request = new Request(url, init)
    sent.push({ url, authorization: request.headers.get('authorization') })
    return new Response()
  }
  const api = withSession(browser, session, own)
  async function fateOf(input: RequestInfo | URL, init?: RequestInit): Promise<Fate> {
    const before = sent.length
    await api(input, init).catch(() => {})
    expect(sent.length - before).toBeLessThanOrEqual(1)
    const last = sent[before]
    if (!last) return 'unsent'
    expect([null, 'Bearer access']).toContain(last.authorization)
    return last.authorization === null ? 'bare' : 'token'
  }
  return { session, api, sent, fateOf }
}

const ours = ['https://api.example.com', 'https://app.example.com']

/** The rows of the threat model's URLs. Ours are the page's origin and that of the refresh endpoint. */
const rows: [row: string, claim: string, fate: Fate, urls: string[]][] = [
  ['U1', 'a path, a query or a fragment', 'token', ['/users', 'users', '?x=1', '#a', '']],
  [
    'U2',
    'the origin in another spelling',
    'token',
    [
      'https://api.example.com/x',
      'HTTPS://API.EXAMPLE.COM/x',
      'https://api.example.com:443/x',
      'https://api.example.com:0443/x',
      'https://api.example.com:/',
    ],
  ],
  ['U3', 'another host', 'bare', ['https://evil.com/x', 'HTTPS://EVIL.com']],
  ['U4', 'another host without a scheme', 'bare', ['//evil.com', '///evil.com']],
  ['U5', 'the host without a scheme, for the page has https', 'token', ['//api.example.com/x']],
  [
    'U6',
    'another host behind backslashes',
    'bare',
    ['/\\evil.com', '\\\\evil.com', '\\/evil.com', '/\\/evil.com'],
  ],
  ['U6', 'a path behind one backslash', 'token', ['\\evil.com']],
  [
    'U7',
    'another host behind a tab or a line break',
    'bare',
    ['/\t/evil.com', '/\n/evil.com', '\t//evil.com'],
  ],
  [
    'U8',
    'another host behind white space',
    'bare',
    [' https://evil.com', '\thttps://evil.com', 'ht\ntps://evil.com'],
  ],
  // A path to the browser, where the page has that scheme.
  ['U9', 'a scheme of the page without slashes', 'token', ['https:evil.com']],
  [
    'U9',
    'another scheme without slashes',
    'bare',
    ['http:evil.com', 'http:\\\\evil.com', 'https:\\\\evil.com'],
  ],
  [
    'U10',
    'the host as a user of another',
    'unsent',
    ['https://api.example.com@evil.com/', 'https://api.example.com:443@evil.com'],
  ],
  [
    'U11',
    'a user and a password',
    'unsent',
    ['https://user:pw@api.example.com/', 'https://user@api.example.com/'],
  ],
  ['U12', 'the host before a backslash', 'token', ['https://api.example.com\\@evil.com/']],
  [
    'U13',
    'the host before a fragment or a query',
    'token',
    ['https://api.example.com#@evil.com', 'https://api.example.com?@evil.com'],
  ],
  [
    'U14',
    'a host that only looks alike',
    'bare',
    ['https://api.example.com.evil.com', 'https://evilapi.example.com', 'https://api.example.com%2eevil.com'],
  ],
  ['U15', 'the host with a dot at its end', 'bare', ['https://api.example.com./x']],
  ['U16', 'another port', 'bare', ['https://api.example.com:8443/x']],
  ['U17', 'plain http', 'bare', ['http://api.example.com/x', 'http://app.example.com/x']],
  ['U18', 'a host in look-alike letters', 'bare', ['https://аpi.example.com']],
  [
    'U19',
    'the host in letters that are the same to a browser',
    'token',
    ['https://ａｐｉ.example.com', 'https://api。example。com', 'https://ap\u00adi.example.com'],
  ],
  [
    'U20',
    'what is no URL',
    'unsent',
    ['https://api.example.com:65536', 'https://api.example.com%00.evil.com', 'https://‥/'],
  ],
  [
    'U21',
    'this machine, when nobody asked for it',
    'bare',
    ['https://2130706433/', 'https://[::1]/', 'http://[::ffff:127.0.0.1]/', 'http://localhost.evil.com/'],
  ],
  [
    'U22',
    'another scheme',
    'bare',
    ['data:text/plain,x', 'blob:https://app.example.com/1', 'javascript:alert(1)', 'ws://api.example.com'],
  ],
  ['U23', 'dots in the path', 'token', ['../../admin', '/v1/../../admin', '%2e%2e/admin', '/a\\..\\b']],
]

test.each(rows)('%s: %s is %s', async (_, __, fate, urls) => {
  const { fateOf, sent } = await open()
  const fates: [string, Fate][] = []
  for (const url of urls) fates.push([url, await fateOf(url)])
  expect(fates).toEqual(urls.map((url) => [url, fate]))
  for (const { url, authorization } of sent) if (authorization) expect(ours).toContain(url.origin)
})

test('U25: what is neither a string nor a URL is taken for what it says, once', async () => {
  const { fateOf, sent } = await open()
  const answers = ['https://api.example.com/me', 'https://evil.com/']
  const twoFaced = { toString: () => answers.shift() ?? 'https://evil.com/' }
  expect(await fateOf(twoFaced as never)).toBe('token')
  expect(sent[0]?.url.href).toBe('https://api.example.com/me')
  for (const odd of [7, {}, null, undefined, true, ['https://evil.com/']]) await fateOf(odd as never)
  expect(sent.filter(({ url, authorization }) => authorization && url.host === 'evil.com')).toEqual([])
})

test('U25: a URL object and a Request are judged by where they lead', async () => {
  const { fateOf } = await open()
  expect(await fateOf(new URL('https://api.example.com/x'))).toBe('token')
  expect(await fateOf(new URL('https://evil.com/x'))).toBe('bare')
  expect(await fateOf(new Request('https://api.example.com/x'))).toBe('token')
  expect(await fateOf(new Request('https://evil.com/x'))).toBe('bare')
})

test('what only calls itself a Request is judged by the URL that fetch makes of it', async () => {
  const { fateOf, sent } = await open()
  const poser = { url: 'https://api.example.com/x', clone: () => poser, toString: () => 'https://evil.com/' }
  expect(await fateOf(poser as never)).toBe('bare')
  expect(sent[0]?.url.host).toBe('evil.com')
})

describe('U26: a <base> element that leads elsewhere', () => {
  const setBase = (href: string): void => {
    const base = document.createElement('base')
    base.href = href
    document.head.append(base)
  }

  test('takes no token along', async () => {
    const { fateOf, sent } = await open()
    expect(await fateOf('/me')).toBe('token')
    setBase('https://evil.com/')
    expect(await fateOf('/me')).toBe('bare')
    expect(await fateOf('https://api.example.com/me')).toBe('token')
    expect(sent[1]?.url.origin).toBe('https://evil.com')
  })

  test('and comes while a request is held does not lead that one away', async () => {
    let answer = (): void => {}
    const reading = new Promise<null>((resolve) => {
      answer = () => resolve(null)
    })
    const sent: string[] = []
    const session = createSession({
      refresh: headerPair({ url: '/refresh' }),
      store: { read: () => reading, write: () => {} },
    })
    onTestFinished(session.dispose)
    const call = withSession(async (input) => {
      sent.push(String(input))
      return new Response()
    }, session)('/me')
    setBase('https://evil.com/')
    answer()
    await call
    expect(sent).toEqual(['https://app.example.com/me'])
  })

  test('by its path alone is followed, for it is ours', async () => {
    setBase('/deep/')
    const { fateOf, sent } = await open()
    expect(await fateOf('me')).toBe('token')
    expect(sent[0]?.url.href).toBe('https://app.example.com/deep/me')
  })
})

test('U27: a page without an origin of its own has no relative URL that is ours', async () => {
  vi.spyOn(window, 'origin', 'get').mockReturnValue('null')
  const { fateOf } = await open()
  expect(await fateOf('/me')).toBe('bare')
  expect(await fateOf('https://api.example.com/me')).toBe('token')
})

test('no text whatsoever, as a URL, in a URL object or in a Request, takes the token elsewhere', async () => {
  const { api, sent } = await open()
  const pieces = [
    ...[
      'https:',
      'http:',
      'blob:',
      '//',
      '/',
      '\\',
      '@',
      ':',
      '?',
      '#',
      '.',
      '..',
      '%2e',
      '%00',
      '\t',
      '\n',
      ' ',
    ],
    ...['evil.com', 'api.example.com', 'app.example.com', '[::1]', ':443', 'user', '。', '\u00ad'],
  ]
  const url = fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 3 })), { maxLength: 12 })
    .map((parts) => parts.join(''))
  const input = fc.tuple(url, fc.constantFrom('text', 'URL', 'Request')).map(([url, kind]) => {
    try {
      const parsed = new URL(url, document.baseURI)
      if (kind === 'URL') return parsed
      if (kind === 'Request') return new Request(parsed)
    } catch {}
    return url
  })
  const call = fc.asyncProperty(input, async (input) => {
    const before = sent.length
    await api(input).catch(() => {})
    const [last] = sent.slice(before)
    if (last?.authorization) expect(ours).toContain(last.url.origin)
  })
  await fc.assert(call, { seed: 20_300_101, numRuns: 2000 })
  const withToken = sent.filter(({ authorization }) => authorization)
  expect(withToken.length).toBeGreaterThan(100)
  expect(sent.length - withToken.length).toBeGreaterThan(100)
})

test('U33: a URL of 1 MB is judged like any other', async () => {
  const { fateOf, sent } = await open()
  for (const part of ['a', '/', '\\', '1/', ':', '\t', '%', '.', '../']) {
    const long = part.repeat(1e6 / part.length)
    await fateOf(long)
    await fateOf(`https://${long}`)
  }
  expect(
    sent.filter(({ url, authorization }) => authorization && !url.host.endsWith('.example.com')),
  ).toEqual([])
})

describe('ours are', () => {
  test('the origin of the page alone, where the refresh is a function', async () => {
    const { fateOf } = await open({ refresh: async ({ tokens }) => tokens })
    expect(await fateOf('/me')).toBe('token')
    expect(await fateOf('https://api.example.com/me')).toBe('bare')
  })

  test('the origins that the session allows, and those that withSession allows', async () => {
    const { fateOf, session } = await open(
      { allowedOrigins: ['https://one.example.com'] },
      { allowedOrigins: ['https://two.example.com'] },
    )
    expect(await fateOf('https://one.example.com/me')).toBe('token')
    expect(await fateOf('https://two.example.com/me')).toBe('token')
    expect(await fateOf('https://three.example.com/me')).toBe('bare')
    const seen: (string | null)[] = []
    const narrow = withSession(async (_, init) => {
      seen.push(new Headers(init?.headers).get('authorization'))
      return new Response()
    }, session)
    await narrow('https://one.example.com/me')
    await narrow('https://two.example.com/me')
    expect(seen).toEqual(['Bearer access', null])
  })

  test('without a page, those that are named and that of the refresh endpoint', async () => {
    vi.stubGlobal('document', undefined)
    const session = createSession({
      refresh: headerPair({ url: 'https://api.example.com/auth/refresh' }),
      store: memoryStore(),
    })
    onTestFinished(session.dispose)
    await session.setTokens({ accessToken: 'access' })
    const seen: [string, string | null][] = []
    const api = withSession(async (input, init) => {
      seen.push([String(input), new Headers(init?.headers).get('authorization')])
      return new Response()
    }, session)
    for (const url of ['https://api.example.com/me', 'https://app.example.com/me', '/me']) await api(url)
    expect(seen).toEqual([
      ['https://api.example.com/me', 'Bearer access'],
      ['https://app.example.com/me', null],
      ['/me', null],
    ])
  })
})

test('a request that is not ours reaches fetch as it was given', async () => {
  const { session } = await open()
  const fetch = vi.fn(async () => new Response())
  const api = withSession(fetch, session)
  const request = new Request('https://evil.com/')
  const init = { method: 'POST', headers: { a: 'b' } }
  await api('//evil.com/x', init)
  await api(request)
  const [first, second] = fetch.mock.calls as unknown as [unknown[], unknown[]]
  expect(first[0]).toBe('//evil.com/x')
  expect(first[1]).toBe(init)
  expect(second[0]).toBe(request)
})

test('U31: no header but Authorization is added, for a redirect would take any other along', async () => {
  const { session } = await open()
  let names: string[] = []
  const api = withSession(async (_, init) => {
    names = [...new Headers(init?.headers).keys()]
    return new Response()
  }, session)
  await api('/me', { method: 'POST', headers: { 'X-Own': 'yes' } })
  expect(names).toEqual(['authorization', 'x-own'])
})

test.each(['https://other.test/', 'http://other.test', '*', 'other.test', 7])(
  'allowedOrigins with %j is a TypeError that names the option',
  async (origin) => {
    const { session } = await open()
    const wrap = (): unknown => withSession(fetch, session, { allowedOrigins: [origin as string] })
    expect(wrap).toThrow(TypeError)
    expect(wrap).toThrow(/allowedOrigins/)
  },
)

test('withSession with what is no session, or with an option it does not have, throws a TypeError', async () => {
  const { session } = await open()
  const wrap = (given: unknown, options?: unknown) => (): unknown =>
    withSession(fetch, given as never, options as never)
  expect(wrap({})).toThrow(TypeError)
  expect(wrap(undefined)).toThrow(TypeError)
  expect(wrap(session, { allowedOrigin: [] })).toThrow(/no option "allowedOrigin"/)
})

describe('a polluted Object.prototype', () => {
  /** What was called, with which headers; and what came of it. */
  async function sendPolluted(fields: object, init?: RequestInit) {
    const { session } = await open()
    const calls: [input: unknown, init: Record<string, unknown>, headers: string[]][] = []
    const api = withSession(async (input, init) => {
      const { method, headers } = Object(init)
      calls.push([input, { method }, [...(headers as Headers).keys()]])
      return new Response()
    }, session)
    await whilePolluted(fields, () => api('https://api.example.com/me', init))
    return calls
  }

  test('with a field `request` sends nothing elsewhere', async () => {
    for (const init of [{ method: 'POST', body: '{}' }, { latchkey: { refresh: false } }, undefined]) {
      const [call] = await sendPolluted({ request: 'https://evil.test/' }, init)
      expect(call?.[0]).toBe('https://api.example.com/me')
    }
  })

  test('adds no header, and changes no method', async () => {
    const [call] = await sendPolluted({ 'X-HTTP-Method-Override': 'DELETE', method: 'DELETE' })
    expect(call?.slice(1)).toEqual([{ method: 'GET' }, ['authorization']])
  })
})

test('a `Request` is judged by where it goes, whatever it says of itself', async () => {
  const { api, sent } = await open()
  const request = Object.defineProperty(new Request('https://evil.test/me'), 'url', {
    value: 'https://api.example.com/me',
  })
  await api(request)
  expect(sent.map(({ authorization }) => authorization)).toEqual([null])
})
