import createClient from 'openapi-fetch'
import { afterEach, expect, test, vi } from 'vitest'
import { authErrorOf } from '../../../src/fetch.js'
import type { TokenSet } from '../../../src/index.js'
import { authorizationOf, useBackend } from '../../support/backend.js'
import { apiUrl, signIn } from '../../support/guarded-fetch.js'

/** As `openapi-typescript` writes it. */
interface paths {
  '/items/{id}': {
    get: {
      parameters: { path: { id: number } }
      responses: {
        200: { content: { 'application/json': { path: string } } }
        401: { content: { 'application/json': { message: string } } }
      }
    }
    put: {
      parameters: { path: { id: number } }
      requestBody: { content: { 'application/json': { name: string } } }
      responses: { 200: { content: { 'application/json': { path: string } } } }
    }
  }
}

const backend = useBackend()
afterEach(() => vi.useRealTimers())

async function open(tokens: Partial<TokenSet> = {}) {
  const { session, api } = await signIn({}, tokens)
  return { session, client: createClient<paths>({ baseUrl: apiUrl, fetch: api }) }
}

const item = (id: number) => ({ params: { path: { id } } })

test('ten concurrent 401s cause one refresh, and each call gets its own reply', async () => {
  const { client } = await open()
  backend.accepted.clear()
  const calls = Array.from({ length: 10 }, (_, id) => client.GET('/items/{id}', item(id)))
  const paths = (await Promise.all(calls)).map(({ data }) => data?.path)
  expect(paths).toEqual(Array.from({ length: 10 }, (_, id) => `/api/items/${id}`))
  expect(backend.refreshes).toHaveLength(1)
})

test('a Request with a body is sent again with the same body, and middleware sees one call', async () => {
  const { client } = await open()
  backend.accepted.clear()
  const seen: string[] = []
  client.use({
    onRequest: ({ request }) => {
      seen.push('request')
      request.headers.set('X-Signed', 'yes')
      return request
    },
    onResponse: ({ response }) => void seen.push(`response ${response.status}`),
  })
  const { data } = await client.PUT('/items/{id}', { ...item(1), body: { name: 'one' } })
  expect(data).toEqual({ path: '/api/items/1' })
  expect(backend.calls.map(({ method, text, headers }) => [method, text, headers.get('x-signed')])).toEqual([
    ['PUT', '{"name":"one"}', 'yes'],
    ['PUT', '{"name":"one"}', 'yes'],
  ])
  expect(seen).toEqual(['request', 'response 200'])
})

test('a refresh that is refused hands over the 401 as an error, and authErrorOf the response says why', async () => {
  const { client } = await open()
  backend.accepted.clear()
  backend.renew = () => new Response(null, { status: 401 })
  const { error, response } = await client.GET('/items/{id}', item(1))
  expect(error).toEqual({ message: 'unauthorized' })
  expect(authErrorOf(response)).toMatchObject({ code: 'SESSION_EXPIRED' })
})

test('a held call rejects with the AuthError', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const { client } = await open({ expiresIn: 15 })
  vi.setSystemTime(Date.now() + 15_000)
  backend.renew = () => new Response(null, { status: 401 })
  await expect(client.GET('/items/{id}', item(1))).rejects.toMatchObject({ code: 'SESSION_EXPIRED' })
})

test('latchkey: false is an option of the call, which goes along on the Request', async () => {
  const { client } = await open()
  await client.GET('/items/{id}', { ...item(1), latchkey: false })
  await client.GET('/items/{id}', { ...item(1), latchkey: { refresh: false } })
  expect(backend.calls.map(authorizationOf)).toEqual([null, 'Bearer access-1'])
})
