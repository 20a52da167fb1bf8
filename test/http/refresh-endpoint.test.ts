import { HttpResponse } from 'msw'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { AuthError } from '../../src/core/errors.js'
import type { Renewal } from '../../src/core/refresh-coordinator.js'
import type { StoredTokens } from '../../src/core/tokens.js'
import { renewAt } from '../../src/http/refresh-call.js'
import { checkEndpoint, type RefreshEndpoint } from '../../src/http/refresh-endpoint.js'
import { type Call, refreshUrl, useBackend } from '../support/backend.js'
import { holding } from '../support/holding.js'

const backend = useBackend()
afterEach(() => vi.restoreAllMocks())

const stored: StoredTokens = {
  version: 1,
  session: 's',
  generation: 1,
  accessToken: 'access-1',
  refreshToken: 'refresh-1',
  receivedAt: 1,
  expiresAt: null,
}
const { refreshToken: _, ...withoutRefreshToken } = stored

function renew(
  endpoint: Partial<RefreshEndpoint> = {},
  { tokens = stored, signal = new AbortController().signal } = {},
): Promise<Renewal> {
  const checked = checkEndpoint({ url: refreshUrl, ...endpoint }, undefined)
  return renewAt(checked, refreshUrl, Date.now, () => {})(tokens, signal)
}

/** What one call of the endpoint put on the wire. */
async function sent(endpoint: Partial<RefreshEndpoint>, tokens: StoredTokens = stored): Promise<Call> {
  await renew(endpoint, { tokens })
  expect(backend.refreshes).toHaveLength(1)
  return backend.refreshes[0] as Call
}

describe('the header protocol', () => {
  test('posts both tokens in headers, and nothing in the body', async () => {
    const { method, headers, text } = await sent({})
    expect(method).toBe('POST')
    expect(headers.get('authorization')).toBe('Bearer access-1')
    expect(headers.get('refresh')).toBe('refresh-1')
    expect(headers.get('accept')).toBe('application/json')
    expect(text).toBe('')
  })

  test('takes other names, and the word Bearer only for Authorization', async () => {
    const { headers } = await sent({ names: { accessToken: 'X-Access', refreshToken: 'X-Refresh' } })
    expect(headers.get('x-access')).toBe('access-1')
    expect(headers.get('x-refresh')).toBe('refresh-1')
    expect(headers.has('authorization')).toBe(false)
    expect(headers.has('refresh')).toBe(false)
  })

  test('takes the name authorization in any case', async () => {
    const { headers } = await sent({ names: { accessToken: 'authorization' } })
    expect(headers.get('authorization')).toBe('Bearer access-1')
  })

  test.each(['X-Authorization', 'Authorization-Token'])('sends the bare token as %s', async (accessToken) => {
    const { headers } = await sent({ names: { accessToken } })
    expect(headers.get(accessToken)).toBe('access-1')
  })

  test('adds fixed fields as headers, which cannot take the place of a token', async () => {
    const { headers } = await sent({ fields: { 'X-Client': 'spa', Refresh: 'fixed' } })
    expect(headers.get('x-client')).toBe('spa')
    expect(headers.get('refresh')).toBe('refresh-1')
  })

  test('sends no Refresh header when there is no refresh token', async () => {
    const { headers } = await sent({}, withoutRefreshToken)
    expect(headers.get('authorization')).toBe('Bearer access-1')
    expect(headers.has('refresh')).toBe(false)
  })

  test('may use GET', async () => {
    const { method, headers } = await sent({ method: 'GET' })
    expect(method).toBe('GET')
    expect(headers.get('refresh')).toBe('refresh-1')
  })
})

describe('the JSON protocol', () => {
  test('posts both tokens in the body, and none in a header', async () => {
    const { headers, text } = await sent({ send: 'json' })
    expect(JSON.parse(text)).toEqual({ accessToken: 'access-1', refreshToken: 'refresh-1' })
    expect(headers.get('content-type')).toBe('application/json')
    expect(headers.has('authorization')).toBe(false)
  })

  test('takes other names and fixed fields', async () => {
    const names = { accessToken: 'access', refreshToken: 'refresh' }
    const { text } = await sent({ send: 'json', names, fields: { client: 'spa' } })
    expect(JSON.parse(text)).toEqual({ access: 'access-1', refresh: 'refresh-1', client: 'spa' })
  })

  test('leaves out a token whose name is empty', async () => {
    const { text } = await sent({ send: 'json', names: { accessToken: '' } })
    expect(JSON.parse(text)).toEqual({ refreshToken: 'refresh-1' })
  })

  test('leaves out a refresh token whose name is empty, or that is not there', async () => {
    const { text } = await sent({ send: 'json', names: { refreshToken: '' } })
    expect(JSON.parse(text)).toEqual({ accessToken: 'access-1' })
    backend.refreshes.length = 0
    expect(JSON.parse((await sent({ send: 'json' }, withoutRefreshToken)).text)).toEqual({
      accessToken: 'access-1',
    })
  })
})

describe('the OAuth form', () => {
  test('posts the grant of RFC 6749 section 6, without the access token', async () => {
    const { headers, text } = await sent({ send: 'form', fields: { client_id: 'spa', scope: 'a b' } })
    expect(headers.get('content-type')).toBe('application/x-www-form-urlencoded')
    expect(Object.fromEntries(new URLSearchParams(text))).toEqual({
      grant_type: 'refresh_token',
      client_id: 'spa',
      scope: 'a b',
      refresh_token: 'refresh-1',
    })
    expect(headers.has('authorization')).toBe(false)
  })

  test('takes other names, and then carries the access token too', async () => {
    const { text } = await sent({ send: 'form', names: { accessToken: 'access', refreshToken: 'refresh' } })
    expect(text).toBe('grant_type=refresh_token&access=access-1&refresh=refresh-1')
    backend.refreshes.length = 0
    expect((await sent({ send: 'form' }, withoutRefreshToken)).text).toBe('grant_type=refresh_token')
  })
})

describe('the cookie protocol', () => {
  test('sends no token of its own, and shows that it is no form of another site', async () => {
    const { headers, text } = await sent({ send: 'cookie' })
    expect(headers.get('x-requested-with')).toBe('latchkey')
    expect(`${text}${JSON.stringify(Object.fromEntries(headers))}`).not.toMatch(/(access|refresh)-1/)
  })

  test('adds fixed fields as headers', async () => {
    expect((await sent({ send: 'cookie', fields: { 'X-App': 'spa' } })).headers.get('x-app')).toBe('spa')
  })
})

test('a function says itself what is sent', async () => {
  const { headers, text } = await sent({
    send: ({ accessToken, refreshToken }) => ({
      headers: { 'X-Old': accessToken },
      body: `refresh=${refreshToken}`,
    }),
  })
  expect(headers.get('x-old')).toBe('access-1')
  expect(text).toBe('refresh=refresh-1')
})

describe('the transport', () => {
  async function requestInit(endpoint: Partial<RefreshEndpoint>): Promise<RequestInit> {
    const spy = vi.spyOn(globalThis, 'fetch')
    await renew(endpoint)
    expect(spy).toHaveBeenCalledTimes(1)
    return spy.mock.calls[0]?.[1] as RequestInit
  }

  test('follows no redirect, uses no cache, and sends no referrer', async () => {
    expect(await requestInit({})).toMatchObject({
      redirect: 'error',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
    })
  })

  test('sends the cookies of another origin along only where the protocol lives by them', async () => {
    expect(await requestInit({ send: 'headers' })).toMatchObject({ credentials: 'same-origin' })
    vi.restoreAllMocks()
    expect(await requestInit({ send: 'cookie' })).toMatchObject({ credentials: 'include' })
    vi.restoreAllMocks()
    expect(await requestInit({ send: 'cookie', credentials: 'omit' })).toMatchObject({ credentials: 'omit' })
  })

  test('has a body only where the protocol has one, and the signal of the refresh', async () => {
    const init = await requestInit({})
    expect(init).not.toHaveProperty('body')
    expect(init.signal).toBeInstanceOf(AbortSignal)
  })
})

describe('what comes back', () => {
  const answer = (reply: () => Response): Promise<Renewal> => {
    backend.renew = reply
    return renew()
  }

  test('is read as tokens', async () => {
    expect(await renew()).toEqual({
      kind: 'renewed',
      tokens: { accessToken: 'access-2', refreshToken: 'refresh-2' },
    })
  })

  test('is read as tokens in headers, with an empty body', async () => {
    const headers = { Authorization: 'Bearer access-2', Refresh: 'refresh-2' }
    expect(await answer(() => new Response(null, { status: 204, headers }))).toMatchObject({
      kind: 'renewed',
      tokens: { accessToken: 'access-2', refreshToken: 'refresh-2' },
    })
  })

  test('is read as JSON whatever type it claims', async () => {
    expect(await answer(() => HttpResponse.text('{"accessToken":"access-2"}'))).toMatchObject({
      kind: 'renewed',
      tokens: { accessToken: 'access-2' },
    })
  })

  test('is UTF-8, in chunks that cut a character in two', async () => {
    const bytes = new TextEncoder().encode('{"name":"Zoë","accessToken":"access-2"}')
    const cut = bytes.indexOf(0xc3) + 1
    const chunks = [bytes.slice(0, cut), bytes.slice(cut)]
    const body = new ReadableStream({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk)
        controller.close()
      },
    })
    expect(await answer(() => new HttpResponse(body))).toMatchObject({ kind: 'renewed' })
  })

  test('is not read to the end when it is longer than any token reply', async () => {
    let isCancelled = false
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(2 ** 16).fill(0x20))
      },
      cancel() {
        isCancelled = true
      },
    })
    vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(body))
    expect(await renew()).toMatchObject({ kind: 'retry', error: { code: 'REFRESH_FAILED' } })
    expect(isCancelled).toBe(true)
  })

  test('refused is an end', async () => {
    expect(await answer(() => new Response(null, { status: 401 }))).toMatchObject({ kind: 'ended' })
  })

  test('with Retry-After names the delay', async () => {
    const busy = (): Response => new Response(null, { status: 503, headers: { 'Retry-After': '7' } })
    expect(await answer(busy)).toMatchObject({ kind: 'retry', retryAfterMs: 7000 })
  })
})

test('a function that throws when it makes the request is a mistake in the set-up: nothing was sent', async () => {
  const send = (): never => {
    throw new Error('refresh-1 is not what I want')
  }
  const renewal = (await renew({ send })) as { error: AuthError }
  expect(renewal).toMatchObject({ kind: 'misconfigured', error: { code: 'REFRESH_REFUSED' } })
  expect(renewal.error.message).toMatch(/cannot be made: Error$/)
  expect(`${renewal.error.message} ${JSON.stringify(renewal.error)}`).not.toContain('refresh-1')
  expect(backend.refreshes).toHaveLength(0)
})

test('an endpoint with a proof proves the key alone, and once more where the server wants a nonce', async () => {
  const proved: unknown[] = []
  const proof = {
    async headersFor(...given: unknown[]) {
      proved.push(given)
      return { DPoP: `proof-${proved.length}` }
    },
    heed: ({ status }: { status: number }) => status === 400,
  }
  const { renew: next } = backend
  backend.renew = (call) => (proved.length === 1 ? new Response(null, { status: 400 }) : next(call))
  expect(await renew({ proof })).toMatchObject({ kind: 'renewed' })
  expect(backend.refreshes.map(({ headers }) => headers.get('dpop'))).toEqual(['proof-1', 'proof-2'])
  expect(proved).toEqual(Array(2).fill([{ method: 'POST', url: refreshUrl }, undefined]))
})

describe('no reply', () => {
  const lost = { kind: 'retry', isUnknown: true, error: { code: 'REFRESH_FAILED', retryable: true } }

  test('for want of a network leaves open whether the token was spent', async () => {
    backend.renew = () => HttpResponse.error()
    const renewal = (await renew()) as { error: AuthError }
    expect(renewal).toMatchObject(lost)
    expect(renewal.error.status).toBeUndefined()
    expect(renewal.error.message).toContain('could not be reached')
    expect(renewal.error.cause).toBeInstanceOf(TypeError)
  })

  test('for a body that breaks off leaves it open as well', async () => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"accessToken":'))
        controller.error(new Error('connection reset'))
      },
    })
    vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(body))
    expect(await renew()).toMatchObject(lost)
  })

  test('for JSON that breaks off, which some engines hand over as if it were whole', async () => {
    const headers = { 'Content-Type': 'application/json; charset=utf-8' }
    backend.renew = () => new Response('{"accessToken":"acc', { headers })
    const message = expect.stringContaining('broke off')
    expect(await renew()).toMatchObject({ ...lost, error: { ...lost.error, message } })
  })

  test.each([
    ['nothing under the type of JSON', '', 'application/json'],
    ['JSON that is a text', '"done"', 'application/json'],
    ['a text', 'done', 'text/plain'],
    ['a text of no type', 'done', ''],
  ])('is what %s is not: it came whole', async (_, text, type) => {
    vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(text, { headers: { 'Content-Type': type } }))
    expect(await renew()).toMatchObject({ kind: 'retry', isSpent: true, error: { status: 200 } })
  })

  test('where the reply is longer than any', async () => {
    const padded = (length: number): Response => new Response('{"accessToken":"access-2"}'.padEnd(length))
    vi.spyOn(globalThis, 'fetch').mockResolvedValue(padded(2 ** 20 + 1))
    expect(await renew()).toMatchObject({ ...lost, error: { message: expect.stringContaining('longer') } })
    vi.spyOn(globalThis, 'fetch').mockResolvedValue(padded(2 ** 20))
    expect(await renew()).toMatchObject({ kind: 'renewed' })
  })

  test('for an abort comes at once', async () => {
    const hanging = holding(backend.renew)
    backend.renew = hanging.respond
    const controller = new AbortController()
    const renewal = renew({}, { signal: controller.signal })
    await hanging.arrived
    controller.abort()
    expect(await renewal).toMatchObject(lost)
    hanging.release()
  })
})

describe('an endpoint that cannot be meant is a TypeError that names the field:', () => {
  const page = 'https://app.example.com/start'
  const check =
    (endpoint: unknown, from: string | undefined = page) =>
    (): unknown =>
      checkEndpoint(endpoint as RefreshEndpoint, from)

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
    expect(check({ url })()).toMatchObject({ url })
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
    ['send', 'body'],
    ['names', 'X-Access'],
    ['names', { access: 'X-Access' }],
    ['names', { accessToken: 7 }],
    ['names', { myAccessToken: 'X-Access', ourrefreshToken: 'R' }],
    ['names', { accessTokens: 'X-Access' }],
    ['names', { accessToken: 'two words' }],
    ['names', { refreshToken: 'Cookie' }],
    ['names', null],
    ['send', 7],
    ['fields', 'client_id'],
    ['fields', { client_id: 7 }],
    ['credentials', 'always'],
    ['isExpired', true],
    ['parseAny', {}],
    ['signOut', 'http://api.example.com/logout'],
    ['signOut', { url: '//evil.test/logout' }],
    ['signOut', { method: 'POST' }],
    ['silentStart', 'yes'],
    ['proof', { headersFor: 'DPoP' }],
    ['fields', { client_secret: 'no secret in a browser' }],
    ['timing', 'sometimes'],
    ['parse', 'json'],
    ['classify', {}],
  ])('%s: %j', (field, value) => {
    const endpoint = { url: '/refresh', [field]: value }
    expect(check(endpoint)).toThrow(TypeError)
    expect(check(endpoint)).toThrow(new RegExp(`${field} takes`))
  })

  test.each<[field: string, value: unknown]>([
    ['method', 'GET'],
    ['send', 'headers'],
    ['send', 'json'],
    ['send', 'form'],
    ['send', 'cookie'],
    ['send', () => ({})],
    ['names', {}],
    ['names', { accessToken: '', refreshToken: 'user[token]' }],
    ['names', { refreshToken: 'X-Cookie' }],
    ['names', { refreshToken: 'cookies' }],
    ['fields', { note: 'any text: ä' }],
    ['credentials', 'include'],
    ['credentials', 'same-origin'],
    ['credentials', 'omit'],
    ['timing', 'any'],
    ['timing', 'before-expiry'],
    ['timing', 'after-expiry'],
    ['parse', () => null],
    ['classify', () => undefined],
    ['isExpired', () => false],
    ['parseAny', () => null],
    ['signOut', '/logout'],
    ['signOut', new URL('https://api.example.com/logout')],
    ['signOut', { url: '/logout', method: 'DELETE' }],
    ['silentStart', true],
    ['proof', { headersFor: async () => ({}), heed: () => false }],
  ])('not %s: %j', (field, value) => {
    expect(check({ url: '/refresh', [field]: value })).not.toThrow()
  })

  test('a later change of what was given has no effect', () => {
    const given = {
      url: '/refresh',
      names: { accessToken: 'X-A' },
      fields: { a: '1' },
      signOut: { url: '/out' },
    }
    const checked = checkEndpoint(given, page)
    given.names.accessToken = 'X-B'
    given.fields.a = '2'
    given.signOut.url = 'http://evil.test/'
    expect(checked).toMatchObject({
      names: { accessToken: 'X-A' },
      fields: { a: '1' },
      signOut: { url: '/out' },
    })
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
