import { createFetch, FetchError } from 'ofetch'
import { afterEach, expect, test, vi } from 'vitest'
import { authErrorOf } from '../../../src/fetch.js'
import type { TokenSet } from '../../../src/index.js'
import { authorizationOf, useBackend } from '../../support/backend.js'
import { apiUrl, signIn } from '../../support/guarded-fetch.js'

const backend = useBackend()
afterEach(() => vi.useRealTimers())

async function open(tokens: Partial<TokenSet> = {}) {
  const { session, api } = await signIn({}, tokens)
  return { session, client: createFetch({ fetch: api, defaults: { baseURL: apiUrl } }) }
}

test('ten concurrent 401s cause one refresh, and each call gets its own reply', async () => {
  const { client } = await open()
  backend.accepted.clear()
  const calls = Array.from({ length: 10 }, (_, id) => client<{ path: string }>(`/items/${id}`))
  const paths = (await Promise.all(calls)).map(({ path }) => path)
  expect(paths).toEqual(Array.from({ length: 10 }, (_, id) => `/api/items/${id}`))
  expect(backend.refreshes).toHaveLength(1)
})

test('a POST, which ofetch itself never repeats, is sent again with the same body, and its hooks run once', async () => {
  const { client } = await open()
  backend.accepted.clear()
  const onRequest = vi.fn()
  const onResponse = vi.fn()
  await client('/items', { method: 'POST', body: { a: 1 }, query: { page: 2 }, onRequest, onResponse })
  expect(backend.calls.map(({ method, text, url }) => [method, text, url.search])).toEqual([
    ['POST', '{"a":1}', '?page=2'],
    ['POST', '{"a":1}', '?page=2'],
  ])
  expect(onRequest).toHaveBeenCalledTimes(1)
  expect(onResponse).toHaveBeenCalledTimes(1)
})

test('a refresh that is refused makes a FetchError of the 401, and authErrorOf its response says why', async () => {
  const { client } = await open()
  backend.accepted.clear()
  backend.renew = () => new Response(null, { status: 401 })
  const error = await client('/me').catch((error) => error)
  expect(error).toBeInstanceOf(FetchError)
  expect(error.status).toBe(401)
  expect(error.data).toEqual({ message: 'unauthorized' })
  expect(authErrorOf(error.response)).toMatchObject({ code: 'SESSION_EXPIRED' })
})

test('a held call fails with a FetchError whose cause is the AuthError', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const { client } = await open({ expiresIn: 15 })
  vi.setSystemTime(Date.now() + 15_000)
  backend.renew = () => new Response(null, { status: 401 })
  const error = await client('/me', { retry: false }).catch((error) => error)
  expect(error).toBeInstanceOf(FetchError)
  expect(error.cause).toMatchObject({ name: 'AuthError', code: 'SESSION_EXPIRED' })
  expect(backend.calls).toHaveLength(0)
})

test('repeated by ofetch, a held call whose session has ended gets the 401 of the API', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const { client } = await open({ expiresIn: 15 })
  vi.setSystemTime(Date.now() + 15_000)
  backend.renew = () => new Response(null, { status: 401 })
  await expect(client('/me')).rejects.toMatchObject({ status: 401 })
  expect(backend.calls.map(authorizationOf)).toEqual([null])
  expect(backend.refreshes).toHaveLength(1)
})

test('a stream is handed over unread', async () => {
  const { client } = await open()
  backend.answer = () => new Response('streamed')
  const stream = await client('/file', { responseType: 'stream' })
  expect(await new Response(stream).text()).toBe('streamed')
})

test('latchkey: false is an option of an ofetch call as of any', async () => {
  const { client } = await open()
  await client('/me', { latchkey: false, ignoreResponseError: true })
  expect(backend.calls.map(authorizationOf)).toEqual([null])
})
