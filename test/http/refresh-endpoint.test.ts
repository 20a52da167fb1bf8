// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { checkEndpoint, type RefreshEndpoint, safeUrl } from '../../src/http/refresh-endpoint.js'

describe('an endpoint that cannot be meant is a TypeError that names the field:', () => {
  const page = 'https://app.example.com/start'
  /** Checks an endpoint that is fine but for what is given. */
  const check =
    (given: object, from: string | undefined = page) =>
    (): unknown =>
      checkEndpoint({ send: () => null, ...given } as unknown as RefreshEndpoint, from)

  test.each([
    'https://api.example.com/refresh',
    new URL('https://api.example.com/refresh'),
    '/refresh',
    'refresh',
    '../refresh?realm=a',
    'https://app.example.com/refresh',
    'http://localhost:3000/refresh',
    'http://127.0.0.1:3000/refresh',
  ])('not %s', (url) => {
    expect(check({ url })()).toMatchObject({ url: new URL(url, page).href })
  })

  test.each([
    '',
    'http://api.example.com/refresh',
    '//evil.test/refresh',
    '/\\evil.test/refresh',
    '/\t/evil.test/refresh',
    'https://user:password@api.example.com/refresh',
    'https://api.example.com/refresh#fragment',
    'ftp://api.example.com/refresh',
    'javascript:alert(1)',
    'https://',
    undefined,
    null,
    7,
  ])('the URL %s', (url) => {
    const endpoint = url === undefined ? {} : { url }
    expect(check(endpoint)).toThrow(TypeError)
    expect(check(endpoint)).toThrow(/url takes/)
  })

  test.each<[field: string, value: unknown]>([
    ['method', 'PUT'],
    ['send', 'json'],
    ['send', 7],
    ['send', undefined],
    ['credentials', 'always'],
    ['timing', 'sometimes'],
    ['parse', 'json'],
    ['classify', {}],
    ['isExpired', true],
    ['onReply', {}],
    ['signOut', '/logout'],
    ['signOut', { url: '/logout' }],
    ['authorize', { Authorization: 'x' }],
    ['silentStart', 'yes'],
    ['silentStart', { isAllowed: () => true }],
    ['silentStart', { isAllowed: true, allow: false }],
    ['fetch', 'fetch'],
  ])('%s: %j', (field, value) => {
    const endpoint = { url: '/refresh', [field]: value }
    expect(check(endpoint)).toThrow(TypeError)
    expect(check(endpoint)).toThrow(new RegExp(`${field} takes`))
  })

  test.each<[field: string, value: unknown]>([
    ['method', 'GET'],
    ['method', 'POST'],
    ['send', () => ({})],
    ['credentials', 'include'],
    ['credentials', 'same-origin'],
    ['credentials', 'omit'],
    ['timing', 'any'],
    ['timing', 'before-expiry'],
    ['timing', 'after-expiry'],
    ['parse', () => null],
    ['classify', () => undefined],
    ['isExpired', () => false],
    ['onReply', () => null],
    ['signOut', async () => {}],
    ['authorize', async () => ({})],
    ['silentStart', true],
    ['silentStart', { isAllowed: () => true, allow() {} }],
    ['fetch', async () => new Response()],
    ['timing', undefined],
  ])('not %s: %j', (field, value) => {
    expect(check({ url: '/refresh', [field]: value })).not.toThrow()
  })

  test('a later change of what was given has no effect', () => {
    const url = new URL('https://api.example.com/refresh')
    const given = { url, timing: 'any' as const, send: () => null }
    const checked = checkEndpoint(given, page)
    Object.assign(given, { timing: 'before-expiry', send: () => ({}) })
    url.hostname = 'evil.test'
    expect(checked).toMatchObject({ url: 'https://api.example.com/refresh', timing: 'any' })
    expect(checked.send({ accessToken: 'access-1' })).toBeNull()
  })

  test('what is inherited is no field of it', () => {
    const checked = checkEndpoint(
      Object.assign(Object.create({ timing: 'any' }), { url: '/refresh', send: () => null }),
      page,
    )
    expect(checked.timing).toBeUndefined()
    expect('toString' in checked).toBe(false)
  })

  test('a send that is inherited', () => {
    const endpoint = Object.assign(Object.create({ send: () => null }), { url: '/refresh' })
    expect(() => checkEndpoint(endpoint, page)).toThrow('refresh: send takes a function')
  })

  test('a field it does not have', () => {
    expect(check({ url: '/refresh', headers: {} })).toThrow(/no option "headers"/)
  })

  test('plain http is for a page that is served so, on its own origin', () => {
    expect(check({ url: 'http://intranet.test/refresh' }, 'http://intranet.test/')).not.toThrow()
    expect(check({ url: '/refresh' }, 'http://intranet.test/')).not.toThrow()
    expect(check({ url: 'http://other.test/refresh' }, 'http://intranet.test/')).toThrow(TypeError)
  })
})

describe('where there is no page', () => {
  test('a full URL is taken, over plain http too, because that is a server', () => {
    expect(safeUrl('url', 'https://api.example.com/refresh', undefined)).toBe(
      'https://api.example.com/refresh',
    )
    expect(safeUrl('url', 'http://api.internal/refresh', undefined)).toBe('http://api.internal/refresh')
  })

  test('a relative URL stays relative', () => {
    expect(safeUrl('url', '/refresh', undefined)).toBe('/refresh')
  })

  test.each(['//evil.test/refresh', '/\\evil.test/refresh', 'https://user@api.example.com/', ''])(
    '%j is refused all the same',
    (url) => {
      expect(() => safeUrl('signOut', url, undefined)).toThrow(/^signOut takes a path, or an https URL/)
    },
  )
})
