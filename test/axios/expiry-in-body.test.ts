// @vitest-environment node
// That of Node: jsdom's is none for the Response of Node.
import { Blob } from 'node:buffer'
import type { InternalAxiosRequestConfig } from 'axios'
import { describe, expect, test, vi } from 'vitest'
import { authErrorOf } from '../../src/axios.js'
import type { Reply } from '../../src/index.js'
import { jsonRefresh } from '../../src/servers.js'
import { useBackend } from '../support/backend.js'
import { elapse } from '../support/elapse.js'
import { guard, openSession } from '../support/guarded-api.js'
import { promisesMadeBy } from '../support/promises-made.js'

const backend = useBackend()
const refresh = jsonRefresh({ url: 'http://app.test/auth/refresh' })
const tokens = { accessToken: 'access-1', refreshToken: 'refresh-1' }
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)
const longest = 2 ** 16

/** A server that says all with status 200: `data` to the first request, and to all others 'fine'. */
async function openApi(data: unknown, isExpired?: (reply: Reply) => boolean) {
  const session = openSession({ refresh, ...(isExpired && { isExpired }) })
  await session.setTokens(tokens)
  let calls = 0
  const adapter = async (config: InternalAxiosRequestConfig) => ({
    status: 200,
    statusText: 'OK',
    headers: {},
    config,
    data: calls++ === 0 ? data : 'fine',
  })
  return { session, api: guard(session, { adapter }) }
}

const codeIs401 = ({ body }: Reply): boolean => (body as { code?: number } | undefined)?.code === 401
const json = '{"code":401}'

describe('an expiry that only the body of a 200 tells is seen', () => {
  test.each<[string, unknown]>([
    ['in text', json],
    ['in an object, as an adapter of the app may answer', { code: 401 }],
    ['in a blob', new Blob([json], { type: 'application/json' })],
    ['in an ArrayBuffer', bytesOf(json).buffer],
    ['in the bytes of Node', Buffer.from(json)],
  ])('%s', async (_, data) => {
    backend.renew = () => Response.json({ accessToken: 'access-2' })
    const { api } = await openApi(data, codeIs401)
    expect((await api.get('/file')).data).toBe('fine')
    expect(backend.refreshes).toHaveLength(1)
  })

  test('in text that is no JSON, such as what the app decrypts itself', async () => {
    backend.renew = () => Response.json({ accessToken: 'access-2' })
    const { api } = await openApi('U2FsdGVkX1', ({ body }) => body === 'U2FsdGVkX1')
    expect((await api.get('/secret')).data).toBe('fine')
  })
})

test('a blob that was looked at is the caller’s, unread and whole', async () => {
  const blob = new Blob(['{"code":0}'])
  const { api } = await openApi(blob, codeIs401)
  const { data } = await api.get('/file', { responseType: 'blob' })
  expect(data).toBe(blob)
  expect(await data.text()).toBe('{"code":0}')
})

describe('of a body that is longer than 64 KiB isExpired gets the beginning', () => {
  test.each<[string, (length: number) => unknown]>([
    ['text', (length) => 'x'.repeat(length)],
    ['a blob', (length) => new Blob(['x'.repeat(length)])],
    ['a buffer', (length) => bytesOf('x'.repeat(length)).buffer],
  ])('of %s', async (_, make) => {
    const seen: unknown[] = []
    const note = ({ body }: Reply): boolean => {
      seen.push(body)
      return false
    }
    await (await openApi(make(longest), note)).api.get('/file')
    await (await openApi(make(longest + 9), note)).api.get('/file')
    expect(seen).toEqual(['x'.repeat(longest), 'x'.repeat(longest)])
  })
})

test('an object of the app may have a field that is called slice', async () => {
  const { api } = await openApi({ slice: 'pizza' }, codeIs401)
  expect((await api.get('/food')).data).toEqual({ slice: 'pizza' })
})

test('a body that is text already costs no promise', async () => {
  const promisesOf = async (isExpired?: (reply: Reply) => boolean): Promise<number> => {
    const { api } = await openApi('{"code":0}', isExpired)
    await api.get('/things')
    return promisesMadeBy(() => api.get('/things'))
  }
  expect(await promisesOf(codeIs401)).toBe(await promisesOf())
})

test('a stream is not read', async () => {
  const isExpired = ({ status }: Reply): boolean => status === 401
  const stream = new Response('{}').body
  const { api } = await openApi(stream, isExpired)
  expect((await api.get('/file')).data).toBe(stream)
  expect(await new Response(stream).text()).toBe('{}')
})

test.each<[string, unknown]>([
  ['text', json],
  ['a blob', new Blob([json])],
])(
  'where the refresh then fails, authErrorOf tells it from the reply that the caller gets: %s',
  async (_, data) => {
    vi.useFakeTimers()
    backend.renew = () => new Response(null, { status: 503 })
    const { api, session } = await openApi(data, codeIs401)
    const reply = await elapse(api.get('/file'))
    vi.useRealTimers()
    expect(reply.status).toBe(200)
    expect(authErrorOf(reply)).toMatchObject({ code: 'REFRESH_FAILED', retryable: true })
    expect(session.state.status).toBe('signed-in')
  },
)
