// @vitest-environment node
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  checkOrigins,
  createOriginPolicy,
  isSafeTransport,
  originOfReply,
  parseUrl,
} from '../../src/http/origin-policy.js'

const api = 'https://api.example.com'
const page = 'https://app.example.com/start'

const judge = (url: string, ownBase: string | null = api, allowed: string[] = []): string =>
  createOriginPolicy(allowed, () => page)(url, ownBase ?? undefined)

describe('a request is ours', () => {
  test.each([
    ['to the origin of the own base', `${api}/me`],
    ['to that origin in other letters', 'HTTPS://API.EXAMPLE.COM/me'],
    ['to that origin with its default port written out', 'https://api.example.com:443/me'],
  ])('%s', (_, url) => {
    expect(judge(url)).toBe('ours')
  })

  test('to its own base on this machine, over plain http', () => {
    expect(judge('http://localhost:3000/me', 'http://localhost:3000')).toBe('ours')
  })

  test('to an origin that is allowed', () => {
    expect(judge('https://files.example.com/a', api, ['https://files.example.com'])).toBe('ours')
  })

  test('to the origin of the page, when the client has no base of its own', () => {
    expect(judge('/me', null)).toBe('ours')
    expect(judge('me', null)).toBe('ours')
  })

  test('to the origin of the page, when the base is a path on it', () => {
    expect(judge('/api/me', '/api')).toBe('ours')
  })
})

describe('a request is foreign', () => {
  test.each([
    'https://evil.test/',
    'https://api.example.com.evil.test/',
    'https://evil.test/https://api.example.com/',
    'https://api.example.com:8443/me',
    'http://api.example.com/me',
    'https://example.com/me',
    'https://sub.api.example.com/me',
    '//evil.test/',
    '/\\evil.test/',
    '\\\\evil.test/',
    '/\t/evil.test/',
    'https:\\\\evil.test\\',
    'https:///evil.test/',
    'https://evil.test#@api.example.com/',
    'https://evil.test?@api.example.com/',
    'https://evil.test\\@api.example.com/',
    '/me',
    'file:///etc/passwd',
    'data:text/plain,hello',
    'blob:https://api.example.com/5a3d',
    'javascript:alert(1)',
    'ws://api.example.com/',
    'wss://api.example.com/',
    'git+https://user@api.example.com/',
    'https://',
    'https://[',
    'https://api.example.com:99999/',
  ])('to %j', (url) => {
    expect(judge(url)).toBe('foreign')
  })

  test('to an allowed origin over plain http, because the list holds exact origins', () => {
    expect(judge('http://files.example.com/a', api, ['https://files.example.com'])).toBe('foreign')
  })

  test('when the own base is no URL at all', () => {
    expect(judge(`${api}/me`, 'https://')).toBe('foreign')
  })

  test('to the own base, when that is plain http to another host', () => {
    expect(judge('http://plain.example.com/me', 'http://plain.example.com')).toBe('foreign')
  })
})

describe('a request is unsafe', () => {
  test.each([
    'https://user@api.example.com/',
    'https://:password@api.example.com/',
    'https://%75ser@api.example.com/',
  ])('to %j, which holds a user or a password', (url) => {
    expect(judge(url)).toBe('unsafe')
  })

  test.each([
    'https://api.example.com@evil.test/',
    'https://api.example.com:443@evil.test/',
    '//user@evil.test/',
  ])('but not to %j, where no token goes', (url) => {
    expect(judge(url)).toBe('foreign')
  })
})

test('where there is no page, full URLs are judged and relative ones are foreign', () => {
  const policy = createOriginPolicy([], () => undefined)
  expect(policy(`${api}/me`, api)).toBe('ours')
  expect(policy('/me', undefined)).toBe('foreign')
  expect(policy('/me', '/')).toBe('foreign')
})

test('the page is read again for each request', () => {
  let current = 'https://one.example.com/'
  const policy = createOriginPolicy([], () => current)
  expect(policy('https://one.example.com/me', undefined)).toBe('ours')
  current = 'https://two.example.com/'
  expect(policy('https://one.example.com/me', undefined)).toBe('foreign')
})

describe('plain http is a safe transport', () => {
  const isSafe = (url: string, from: string | undefined = page): boolean =>
    isSafeTransport(new URL(url), from)

  test.each([
    'http://localhost:3000',
    'http://127.0.0.1:8080',
    'http://127.8.8.8',
    'http://127.10.20.30',
    'http://[::1]:5173',
  ])('to this machine: %s', (url) => {
    expect(isSafe(url)).toBe(true)
  })

  test('to the origin of a page that is itself served so', () => {
    expect(isSafe('http://intranet.test/api', 'http://intranet.test/')).toBe(true)
    expect(isSafe('http://intranet.test:81/api', 'http://intranet.test/')).toBe(false)
    expect(isSafe('http://other.test/api', 'http://intranet.test/')).toBe(false)
  })

  test('where there is no page', () => {
    expect(isSafeTransport(new URL('http://backend.internal/api'), undefined)).toBe(true)
  })

  test.each([
    'http://example.com',
    'http://localhost.evil.test',
    'http://evil-localhost',
    'http://127.0.0.1.evil.test',
    'http://evil.test/localhost',
    'ftp://localhost',
  ])('but not to %s', (url) => {
    expect(isSafe(url)).toBe(false)
  })
})

describe('the list of allowed origins', () => {
  test.each([
    'https://api.example.com',
    'https://api.example.com:8443',
    'http://localhost:3000',
    'http://127.0.0.1:3000',
    'http://[::1]:3000',
  ])('takes %s', (origin) => {
    expect(checkOrigins([origin], page)).toEqual([origin])
  })

  test.each([
    'https://api.example.com/',
    'https://api.example.com/v1',
    'https://api.example.com:443',
    'https://API.example.com',
    'https://user@api.example.com',
    'https://*.example.com',
    'http://api.example.com',
    'api.example.com',
    '//api.example.com',
    'null',
    '*',
    '',
    7,
    null,
    { origin: 'https://api.example.com' },
  ])('does not take %j, and says what it takes', (origin) => {
    const check = (): unknown => checkOrigins([origin], page)
    expect(check).toThrow(TypeError)
    expect(check).toThrow(/allowedOrigins takes exact https origins/)
  })

  test('may be a single origin', () => {
    expect(checkOrigins('https://api.example.com', page)).toEqual(['https://api.example.com'])
    expect(() => checkOrigins('https://*.example.com', page)).toThrow(TypeError)
  })

  test('is refused whole for one that is wrong', () => {
    expect(() => checkOrigins(['https://api.example.com', '*'], page)).toThrow(TypeError)
  })
})

test('what is no URL is no URL, and throws nothing', () => {
  expect(parseUrl('https://[', undefined)).toBeUndefined()
  expect(parseUrl('/path', undefined)).toBeUndefined()
  expect(parseUrl('/path', page)?.href).toBe('https://app.example.com/path')
})

describe('a reply', () => {
  const policy = createOriginPolicy([api], () => page)
  afterEach(() => vi.unstubAllGlobals())

  test.each<[string, unknown, string]>([
    ['from an allowed origin', `${api}/me`, 'ours'],
    ['from the page', 'https://app.example.com/me', 'ours'],
    ['from another origin', 'https://evil.test/', 'foreign'],
    ['from an allowed origin with a user', 'https://user@api.example.com/', 'foreign'],
    ['with a relative URL, which tells of no redirect,', '/me', 'ours'],
    ['without a URL', undefined, 'unknown'],
    ['with an empty URL', '', 'unknown'],
    ['with what is no URL', 7, 'unknown'],
  ])('%s (%s) is %s', (_, url, expected) => {
    expect(originOfReply(url, policy)).toBe(expected)
  })

  test.each([
    ['https://localhost/', 'https://localhost/_capacitor_http_interceptor_?u=x', 'unknown'],
    ['capacitor://localhost/', 'capacitor://localhost/_capacitor_https_interceptor_?u=x', 'unknown'],
    ['https://localhost/', 'https://localhost:8443/x', 'foreign'],
    ['capacitor://localhost/', 'https://localhost/x', 'foreign'],
    ['capacitor://localhost/', 'capacitor://elsewhere/x', 'foreign'],
  ])('on the page %s that a native bridge says is from %s is %s', (href, url, expected) => {
    vi.stubGlobal('document', { baseURI: href })
    const policy = createOriginPolicy([], () => href)
    expect(originOfReply(url, (each) => policy(each, api))).toBe(expected)
  })
})
