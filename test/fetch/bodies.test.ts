import { Blob as NativeBlob } from 'node:buffer'
import { Readable } from 'node:stream'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { withSession } from '../../src/fetch.js'
import { authorizationOf, type Call, useBackend } from '../support/backend.js'
import { apiUrl, platformFetch, signIn } from '../support/guarded-fetch.js'

const backend = useBackend()
afterEach(() => vi.useRealTimers())

/** The platform's own, which its fetch can send; that of jsdom it cannot. */
const NativeFormData = (await new Response(new URLSearchParams()).formData()).constructor as typeof FormData

function form(): FormData {
  const form = new NativeFormData()
  form.append('name', 'Ada')
  form.append('file', new NativeBlob(['contents'], { type: 'text/plain' }) as Blob, 'notes.txt')
  return form
}

const bytes = Uint8Array.from([0, 255, 1, 254])

/** The body without what is made anew for each sending. */
const withoutBoundary = ({ text }: Call): string => text.replace(/--[-\w]{10,}/g, '--boundary')
const url = `${apiUrl}/items`

const bodies: [name: string, body: () => BodyInit, contentType: string | null][] = [
  ['text', () => '{"a":1}', 'text/plain;charset=UTF-8'],
  ['URLSearchParams', () => new URLSearchParams({ a: '1', b: 'ü' }), 'application/x-www-form-urlencoded'],
  ['FormData', form, 'multipart/form-data'],
  ['a Blob', () => new NativeBlob(['contents'], { type: 'image/png' }) as Blob, 'image/png'],
  ['an ArrayBuffer', () => bytes.buffer, null],
  ['a typed array', () => bytes.subarray(1, 3), null],
]

const ways: [name: string, call: (body: BodyInit) => [RequestInfo, RequestInit?]][] = [
  ['an init', (body) => [url, { method: 'POST', body }]],
  ['a Request', (body) => [new Request(url, { method: 'POST', body })]],
  [
    'an init that overrides a Request',
    (body) => [new Request(url, { method: 'PUT', body: bytes }), { body }],
  ],
]

describe.each(ways)('with %s', (_, call) => {
  describe.each(bodies)('%s as a body', (_, body, contentType) => {
    test('is the same on the wire when the call is sent again', async () => {
      const { api } = await signIn()
      backend.accepted.clear()
      expect((await api(...call(body()))).status).toBe(200)
      const [first, second] = backend.calls as [Call, Call]
      expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1', 'Bearer access-2'])
      expect(first.bytes.length).toBeGreaterThan(0)
      expect(second.bytes.length).toBe(first.bytes.length)
      expect(withoutBoundary(second)).toBe(withoutBoundary(first))
      expect(second.method).toBe(first.method)
      for (const { headers } of backend.calls) {
        if (contentType === null) expect(headers.get('content-type')).toBeNull()
        else expect(headers.get('content-type')).toContain(contentType)
      }
    })

    test('is what fetch alone would have sent', async () => {
      const { api } = await signIn()
      await api(...call(body()))
      await platformFetch(...call(body()))
      const [ours, plain] = backend.calls as [Call, Call]
      expect(withoutBoundary(ours)).toBe(withoutBoundary(plain))
      expect(ours.method).toBe(plain.method)
      const { authorization, ...headers } = Object.fromEntries(ours.headers)
      const withoutBoundaries = (all: object): string => JSON.stringify(all).replace(/boundary=[^"]+/, '')
      expect(withoutBoundaries(headers)).toBe(withoutBoundaries(Object.fromEntries(plain.headers)))
    })
  })
})

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
async function* chunks() {
  yield encode('stre')
  yield encode('amed')
}

const streams: [name: string, stream: () => unknown][] = [
  ['a ReadableStream', () => new Response('streamed').body],
  ['a Node stream', () => Readable.from([Buffer.from('streamed')])],
  ['an async iterable', chunks],
]

describe.each(streams)('%s as a body', (_, stream) => {
  const post = (): RequestInit =>
    ({ method: 'POST', body: stream() as ReadableStream, duplex: 'half' }) as RequestInit

  test('is never sent twice: the token is refreshed, and the caller gets the 401', async () => {
    const { api } = await signIn()
    backend.accepted.clear()
    expect((await api(url, post())).status).toBe(401)
    expect(backend.calls.map(({ text }) => text)).toEqual(['streamed'])
    expect(backend.refreshes).toHaveLength(1)
    expect((await api(url, post())).status).toBe(200)
    expect(backend.refreshes).toHaveLength(1)
  })

  test('is sent once, and accepted, when it was held for a new token', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { api } = await signIn({}, { expiresIn: 15 })
    vi.setSystemTime(Date.now() + 15_000)
    expect((await api(url, post())).status).toBe(200)
    expect(backend.calls.map(({ text }) => text)).toEqual(['streamed'])
  })
})

describe('a Request', () => {
  const post = (): Request =>
    new Request(url, { method: 'POST', body: 'text', headers: { 'X-Own': 'yes' }, referrerPolicy: 'origin' })

  test('is used up by the call, as by fetch itself', async () => {
    const { api } = await signIn()
    backend.accepted.clear()
    const request = post()
    await api(request)
    expect(request.bodyUsed).toBe(true)
    await expect(api(request)).rejects.toBeInstanceOf(TypeError)
    expect(backend.calls).toHaveLength(2)
    expect(backend.refreshes).toHaveLength(1)
  })

  test('whose body was used is refused by fetch at once, and waits for no refresh', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { api } = await signIn({}, { expiresIn: 15 })
    vi.setSystemTime(Date.now() + 15_000)
    const request = post()
    await request.text()
    await expect(api(request)).rejects.toBeInstanceOf(TypeError)
    expect(backend.refreshes).toHaveLength(0)
  })

  test('is not given the token, for the caller may keep it', async () => {
    const { api } = await signIn()
    const request = post()
    await api(request)
    expect(request.headers.has('authorization')).toBe(false)
  })

  test('keeps its own headers, and an init that has headers takes their place', async () => {
    const { api } = await signIn()
    await api(post())
    await api(post(), { headers: [['X-Other', 'yes']] })
    expect(backend.calls.map(({ headers }) => [headers.get('x-own'), headers.get('x-other')])).toEqual([
      ['yes', null],
      [null, 'yes'],
    ])
  })

  test('keeps its referrer policy, its mode, its cache and its credentials in both sendings', async () => {
    const { session } = await signIn()
    const seen: Request[] = []
    const api = withSession((input, init) => {
      seen.push(new Request(input, init))
      return platformFetch(input, init)
    }, session)
    backend.accepted.clear()
    const settings = { mode: 'same-origin', cache: 'reload', credentials: 'omit', keepalive: true } as const
    await api(new Request(url, { ...settings, referrerPolicy: 'no-referrer', integrity: '' }))
    expect(seen).toHaveLength(2)
    for (const request of seen) expect(request).toMatchObject({ ...settings, referrerPolicy: 'no-referrer' })
  })

  test('may serve as an init, as fetch allows', async () => {
    const { api } = await signIn()
    await api(`${apiUrl}/other`, post() as RequestInit)
    const [call] = backend.calls as [Call]
    expect([call.method, call.text, call.url.pathname]).toEqual(['POST', 'text', '/api/other'])
    expect([call.headers.get('x-own'), authorizationOf(call)]).toEqual(['yes', 'Bearer access-1'])
  })

  test('leaves no copy of its body behind when it was accepted', async () => {
    const { session } = await signIn()
    const cancelled: boolean[] = []
    class WatchedRequest extends Request {
      override clone(): Request {
        const copy = super.clone()
        const body = copy.body as ReadableStream
        const cancel = body.cancel.bind(body)
        body.cancel = (reason) => {
          cancelled.push(true)
          return cancel(reason)
        }
        Object.defineProperty(copy, 'body', { value: body })
        return copy
      }
    }
    await withSession(platformFetch, session)(new WatchedRequest(url, { method: 'POST', body: 'text' }))
    expect(cancelled).toEqual([true])
  })

  test('with a body is sent once where the call says refresh: false, and no copy is made of it', async () => {
    const { api } = await signIn()
    backend.accepted.clear()
    const request = post()
    const clone = vi.spyOn(request, 'clone')
    expect((await api(request, { latchkey: { refresh: false } })).status).toBe(401)
    expect(clone).not.toHaveBeenCalled()
    expect(backend.calls).toHaveLength(1)
    expect(backend.refreshes).toHaveLength(0)
  })
})

test('headers that can be read once only are sent in both sendings', async () => {
  const { api } = await signIn()
  backend.accepted.clear()
  await api(url, { headers: new Map([['X-Own', 'yes']]).entries() as never })
  expect(backend.calls.map(({ headers }) => headers.get('x-own'))).toEqual(['yes', 'yes'])
})

test('what the caller changes while the request is held is not sent', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const { api } = await signIn({}, { expiresIn: 15 })
  vi.setSystemTime(Date.now() + 15_000)
  const target = new URL(url)
  const headers = new Headers({ 'X-Own': 'before' })
  const init: RequestInit = { method: 'POST', body: 'before', headers }
  const call = api(target, init)
  target.host = 'evil.test'
  headers.set('X-Own', 'after')
  Object.assign(init, { method: 'DELETE', body: 'after' })
  await call
  const [sent] = backend.calls as [Call]
  expect(sent.url.href).toBe(url)
  expect([sent.method, sent.text, sent.headers.get('x-own')]).toEqual(['POST', 'before', 'before'])
})
