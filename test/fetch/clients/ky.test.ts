import ky, { HTTPError, type KyInstance } from 'ky'
import { afterEach, expect, test, vi } from 'vitest'
import { authErrorOf } from '../../../src/fetch.js'
import { isAuthError, type SessionOptions, type TokenSet } from '../../../src/index.js'
import { authorizationOf, useBackend } from '../../support/backend.js'
import { apiUrl, signIn } from '../../support/guarded-fetch.js'
import { holding } from '../../support/holding.js'

const backend = useBackend()
afterEach(() => vi.useRealTimers())

async function open(options: Partial<SessionOptions> = {}, tokens: Partial<TokenSet> = {}) {
  const { session, api } = await signIn(options, tokens)
  const client: KyInstance = ky.create({
    prefixUrl: apiUrl,
    fetch: api,
    retry: { shouldRetry: ({ error }) => (isAuthError(error) ? error.retryable : undefined) },
  })
  return { session, client }
}

test('ten concurrent 401s cause one refresh, and each call gets its own reply', async () => {
  const { client } = await open()
  backend.accepted.clear()
  const calls = Array.from({ length: 10 }, (_, id) => client.get(`items/${id}`).json<{ path: string }>())
  const paths = (await Promise.all(calls)).map(({ path }) => path)
  expect(paths).toEqual(Array.from({ length: 10 }, (_, id) => `/api/items/${id}`))
  expect(backend.refreshes).toHaveLength(1)
})

test('a JSON body is the same when the call is sent again, and the hooks see one call', async () => {
  const { client } = await open()
  backend.accepted.clear()
  const seen: string[] = []
  const hooks = {
    beforeRequest: [() => void seen.push('request')],
    afterResponse: [(_: Request, __: object, { status }: Response) => void seen.push(`response ${status}`)],
  }
  await client.post('items', { json: { a: 1 }, searchParams: { page: 2 }, hooks })
  expect(backend.calls.map(({ method, text, url }) => [method, text, url.search])).toEqual([
    ['POST', '{"a":1}', '?page=2'],
    ['POST', '{"a":1}', '?page=2'],
  ])
  expect(seen).toEqual(['request', 'response 200'])
})

test('a refresh that is refused makes an HTTPError of the 401, and authErrorOf its response says why', async () => {
  const { client } = await open()
  backend.accepted.clear()
  backend.renew = () => new Response(null, { status: 401 })
  const error = await client.get('me').catch((error) => error)
  expect(error).toBeInstanceOf(HTTPError)
  expect(error.response.status).toBe(401)
  expect(authErrorOf(error.response)).toMatchObject({ code: 'SESSION_EXPIRED' })
})

test('a held call fails with the AuthError, once', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const { client } = await open({}, { expiresIn: 15 })
  vi.setSystemTime(Date.now() + 15_000)
  backend.renew = () => new Response(null, { status: 401 })
  await expect(client.get('me')).rejects.toMatchObject({ name: 'AuthError', code: 'SESSION_EXPIRED' })
  expect(backend.calls).toHaveLength(0)
})

test("ky's time limit and signal end the wait for a refresh", async () => {
  const { client } = await open()
  backend.accepted.clear()
  const refresh = holding(backend.renew)
  backend.renew = refresh.respond
  const controller = new AbortController()
  const late = client.get('me', { timeout: 30, retry: 0 })
  await expect(late).rejects.toMatchObject({ name: 'TimeoutError' })
  const aborted = client.get('me', { signal: controller.signal, timeout: false })
  controller.abort()
  await expect(aborted).rejects.toMatchObject({ name: 'AbortError' })
  refresh.release()
})

test('latchkey: false is an option of a ky call as of any', async () => {
  const { client } = await open()
  await client.get('me', { latchkey: false, throwHttpErrors: false })
  await client.get('me', { latchkey: { refresh: false } })
  expect(backend.calls.map(authorizationOf)).toEqual([null, 'Bearer access-1'])
})
