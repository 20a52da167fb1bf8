import { Blob as NativeBlob } from 'node:buffer'
import { Readable } from 'node:stream'
import type { AxiosError, AxiosRequestConfig } from 'axios'
import { describe, expect, test, vi } from 'vitest'
import { authorizationOf, type Call, useBackend } from '../support/backend.js'
import { guard, signIn } from '../support/guarded-api.js'

const backend = useBackend()

/** The platform's own, which its fetch can send; that of jsdom it cannot. */
const NativeFormData = (await new Response(new URLSearchParams()).formData()).constructor as typeof FormData

function form(): FormData {
  const form = new NativeFormData()
  form.append('name', 'Ada')
  form.append('file', new NativeBlob(['contents'], { type: 'text/plain' }) as Blob, 'notes.txt')
  return form
}

// axios does not read the type off a Blob.
const blobType = { headers: { 'Content-Type': 'image/png' } }
const bytes = Uint8Array.from([0, 255, 1, 254])

/** The body without what is made anew for each sending. */
const withoutBoundary = ({ text }: Call): string => text.replace(/--[-\w]{10,}/g, '--boundary')

const bodies: [name: string, body: () => unknown, contentType: string, config?: AxiosRequestConfig][] = [
  ['JSON', () => ({ a: 1, list: [1, 2] }), 'application/json'],
  ['a JSON string', () => '{"a":1}', 'application/json', { headers: { 'Content-Type': 'application/json' } }],
  ['text', () => 'hello', 'text/plain', { headers: { 'Content-Type': 'text/plain' } }],
  ['URLSearchParams', () => new URLSearchParams({ a: '1', b: 'ü' }), 'application/x-www-form-urlencoded'],
  ['FormData', form, 'multipart/form-data'],
  ['a Blob', () => new NativeBlob(['contents'], { type: 'image/png' }), 'image/png', blobType],
  ['an ArrayBuffer', () => bytes.buffer, ''],
  ['a typed array', () => bytes, ''],
]

describe.each(bodies)('%s as a body', (_, body, contentType, config) => {
  test('is the same on the wire when the call is sent again', async () => {
    const { session } = await signIn()
    backend.accepted.clear()
    const api = guard(session, { adapter: 'fetch' })
    expect((await api.post('/items', body(), config)).status).toBe(200)
    const [first, second] = backend.calls as [Call, Call]
    expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1', 'Bearer access-2'])
    expect(first.bytes.length).toBeGreaterThan(0)
    expect(second.bytes.length).toBe(first.bytes.length)
    expect(withoutBoundary(second)).toBe(withoutBoundary(first))
    for (const { headers } of backend.calls) {
      if (contentType) expect(headers.get('content-type')).toContain(contentType)
    }
  })

  test('is what axios alone would have sent', async () => {
    const { session } = await signIn()
    const api = guard(session, { adapter: 'fetch' })
    await api.post('/items', body(), config)
    await api.post('/items', body(), { ...config, latchkey: false }).catch(() => {})
    const [ours, plain] = backend.calls as [Call, Call]
    expect(withoutBoundary(ours)).toBe(withoutBoundary(plain))
    const { authorization, ...headers } = Object.fromEntries(ours.headers)
    const withoutBoundaries = (all: object): string => JSON.stringify(all).replace(/boundary=[^"]+/, '')
    expect(withoutBoundaries(headers)).toBe(withoutBoundaries(Object.fromEntries(plain.headers)))
  })
})

test('JSON, text and URLSearchParams are sent again by XMLHttpRequest as well', async () => {
  const { session } = await signIn()
  const api = guard(session, { adapter: 'xhr' })
  for (const body of [{ a: 1 }, 'text', new URLSearchParams({ a: '1' })]) {
    backend.accepted.clear()
    backend.calls.length = 0
    expect((await api.post('/items', body)).status).toBe(200)
    expect(backend.calls).toHaveLength(2)
    expect(backend.calls[1]?.text).toBe(backend.calls[0]?.text)
    expect(backend.calls[1]?.text).not.toBe('')
  }
})

test('a custom transformRequest is applied once, however often the body is sent', async () => {
  const { api } = await signIn()
  backend.accepted.clear()
  const transformRequest = vi.fn((data: unknown) => JSON.stringify({ envelope: data }))
  await api.post('/items', { a: 1 }, { transformRequest })
  expect(transformRequest).toHaveBeenCalledTimes(1)
  expect(backend.calls.map(({ text }) => text)).toEqual(['{"envelope":{"a":1}}', '{"envelope":{"a":1}}'])
})

test('query parameters are the same when the call is sent again', async () => {
  const { api } = await signIn()
  backend.accepted.clear()
  await api.get('/items', { params: { page: 2, tags: ['a', 'b'] } })
  const [first, second] = backend.calls.map(({ url }) => url.href)
  expect(first).toContain('page=2')
  expect(second).toBe(first)
})

const streams: [name: string, stream: () => unknown][] = [
  ['a ReadableStream', () => new Response('streamed').body],
  ['a Node stream', () => Readable.from([Buffer.from('streamed')])],
]

describe.each(streams)('%s as a body', (_, stream) => {
  test('is never sent twice: the token is refreshed, and the caller gets the 401', async () => {
    const { session } = await signIn()
    backend.accepted.clear()
    const api = guard(session, { adapter: 'fetch' })
    const error: AxiosError = await api.post('/items', stream()).catch((error) => error)
    expect(error.response?.status).toBe(401)
    expect(backend.calls.map(({ text }) => text)).toEqual(['streamed'])
    expect(backend.refreshes).toHaveLength(1)
    expect((await api.post('/items', stream())).status).toBe(200)
    expect(backend.refreshes).toHaveLength(1)
  })

  test('is sent once, and accepted, when it was held for a new token', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { session } = await signIn({}, { expiresIn: 15 })
    vi.setSystemTime(Date.now() + 15_000)
    const api = guard(session, { adapter: 'fetch' })
    expect((await api.post('/items', stream())).status).toBe(200)
    expect(backend.calls.map(({ text }) => text)).toEqual(['streamed'])
    vi.useRealTimers()
  })
})
