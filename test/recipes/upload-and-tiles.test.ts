import { HttpResponse } from 'msw'
import { afterEach, expect, test, vi } from 'vitest'
import { headerPair } from '../../src/servers.js'
import { authorizationOf, refreshUrl, useBackend } from '../support/backend.js'
import { signIn } from '../support/guarded-fetch.js'
import { tileProtocol } from './code/tiles.js'
import { upload } from './code/upload.js'

const backend = useBackend()
afterEach(() => vi.useRealTimers())

const refresh = { ...headerPair({ url: refreshUrl }), timing: 'any' } as const
const { signal } = new AbortController()

test('an upload that would outlive its token waits for the next one, and is sent once', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const { session, api } = await signIn({ refresh }, { expiresIn: 90 })
  vi.setSystemTime(Date.now() + 45_000)
  const stream = new Response('the file').body as ReadableStream
  const response = await upload(session, api, 'http://app.test/api/files', stream, signal)
  expect(response.status).toBe(200)
  expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-2'])
  expect(backend.calls.map(({ text }) => text)).toEqual(['the file'])
})

test('an upload whose token is good for long goes out at once', async () => {
  const { session, api } = await signIn({ refresh }, { expiresIn: 900 })
  const stream = new Response('the file').body as ReadableStream
  await upload(session, api, 'http://app.test/api/files', stream, signal)
  expect(backend.refreshes).toHaveLength(0)
})

test('twenty tiles that are refused at once cause one refresh, and each arrives', async () => {
  const { api } = await signIn({ allowedOrigins: ['https://tiles.example.com'] })
  backend.accepted.clear()
  const { answer } = backend
  backend.answer = (call) => {
    const response = answer(call)
    return response instanceof Response && response.ok ? new HttpResponse(call.url.pathname) : response
  }
  const load = tileProtocol(api)
  const tiles = await Promise.all(
    Array.from({ length: 20 }, (_, x) =>
      load({ url: `api://tiles.example.com/1/${x}/0.pbf` }, new AbortController()),
    ),
  )
  expect(tiles.map(({ data }) => new TextDecoder().decode(data))).toEqual(
    Array.from({ length: 20 }, (_, x) => `/1/${x}/0.pbf`),
  )
  expect(backend.refreshes).toHaveLength(1)
})

test('a tile that is not there is an error, as the map expects', async () => {
  const { api } = await signIn({ allowedOrigins: ['https://tiles.example.com'] })
  backend.answer = () => new Response(null, { status: 404 })
  const load = tileProtocol(api)({ url: 'api://tiles.example.com/1/0/0.pbf' }, new AbortController())
  await expect(load).rejects.toThrow('status 404')
})
