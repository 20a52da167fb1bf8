import { HttpResponse } from 'msw'
import { describe, expect, test, vi } from 'vitest'
import { authErrorOf, withSession } from '../../src/fetch.js'
import { authorizationOf, useBackend } from '../support/backend.js'
import { deferred } from '../support/deferred.js'
import { openSession } from '../support/guarded-api.js'
import { apiUrl, guardFetch, signIn } from '../support/guarded-fetch.js'

const backend = useBackend()

/** A reply whose body goes on until the test says so, and tells how much of it was asked for. */
function endlessReply(status: number, headers?: HeadersInit) {
  let pulls = 0
  const cancelled = deferred<void>()
  const body = new ReadableStream(
    {
      pull(controller) {
        pulls++
        controller.enqueue(new Uint8Array(16 * 1024))
      },
      cancel: () => cancelled.resolve(),
    },
    { highWaterMark: 0 },
  )
  const response = new Response(body, { status, ...(headers && { headers }) })
  return { response, pulls: () => pulls, cancelled: cancelled.promise }
}

test('a reply reaches the caller before its body, and not a byte of it is read', async () => {
  const session = openSession()
  await session.setTokens({ accessToken: 'access-1' })
  const endless = endlessReply(200, { 'Content-Type': 'application/json' })
  const api = withSession(async () => endless.response, session)
  const response = await api(`${apiUrl}/stream`)
  expect(response).toBe(endless.response)
  expect(endless.pulls()).toBe(0)
  expect(response.bodyUsed).toBe(false)
})

test('a streamed reply arrives piece by piece', async () => {
  const { get } = await signIn()
  const encoder = new TextEncoder()
  const more = deferred<void>()
  backend.answer = () =>
    new HttpResponse(
      new ReadableStream({
        async start(controller) {
          controller.enqueue(encoder.encode('one'))
          await more.promise
          controller.enqueue(encoder.encode('two'))
          controller.close()
        },
      }),
    )
  const reader = (await get('/stream')).body?.getReader() as ReadableStreamDefaultReader<Uint8Array>
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('one')
  more.resolve()
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('two')
})

test('the body of a refused reply is let go before the call is sent again', async () => {
  const session = openSession()
  await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1' })
  const refused = endlessReply(401)
  const replies = [refused.response, new Response('fine')]
  const api = withSession(async () => replies.shift() as Response, session)
  expect(await (await api(`${apiUrl}/stream`)).text()).toBe('fine')
  await refused.cancelled
})

describe('isExpired', () => {
  const tokenExpired = (): Response => HttpResponse.json({ code: 'TOKEN_EXPIRED' }, { status: 419 })

  test('decides by status, header and parsed body', async () => {
    const seen: unknown[] = []
    const { get } = await signIn({
      isExpired({ status, header, body }) {
        seen.push([status, header('X-Reason'), header('x-absent'), body])
        return (body as { code?: string } | undefined)?.code === 'TOKEN_EXPIRED'
      },
    })
    const { answer } = backend
    backend.answer = (call) => (authorizationOf(call) === 'Bearer access-1' ? tokenExpired() : answer(call))
    const response = await get('/me')
    expect(await response.json()).toEqual({ path: '/api/me' })
    // Asked without the body first; then with it, for it was looked at.
    expect(seen).toEqual([
      [419, null, null, undefined],
      [419, null, null, { code: 'TOKEN_EXPIRED' }],
      [200, null, null, undefined],
      [200, null, null, { path: '/api/me' }],
    ])
    expect(backend.refreshes).toHaveLength(1)
  })

  test('may take the body for granted', async () => {
    const isExpired = ({ body }: { body?: unknown }): boolean =>
      (body as { code: string }).code === 'TOKEN_EXPIRED'
    const { session, get } = await signIn({ isExpired })
    const warnings: string[] = []
    session.on((event) => event.type === 'warning' && warnings.push(event.code))
    const { answer } = backend
    backend.answer = (call) => (authorizationOf(call) === 'Bearer access-1' ? tokenExpired() : answer(call))
    expect((await get('/me')).status).toBe(200)
    expect(warnings).toEqual([])
  })

  test('that looks at no body has none read', async () => {
    const session = openSession({ isExpired: ({ status }) => status === 419 })
    await session.setTokens({ accessToken: 'access-1' })
    const endless = endlessReply(401, { 'Content-Type': 'application/json' })
    const response = await withSession(async () => endless.response, session)(apiUrl)
    expect(response.status).toBe(401)
    expect(endless.pulls()).toBe(0)
  })

  test('that looks at the body gets that of JSON alone, and streams of another type stay unread', async () => {
    const session = openSession({ isExpired: ({ body }) => body !== undefined })
    await session.setTokens({ accessToken: 'access-1' })
    const endless = endlessReply(200, { 'Content-Type': 'text/event-stream' })
    await withSession(async () => endless.response, session)(apiUrl)
    expect(endless.pulls()).toBe(0)
  })

  test('that looks at a body without end is not kept waiting: 64 KiB are read, and the reply is whole', async () => {
    const session = openSession({ isExpired: ({ body }) => body !== undefined })
    await session.setTokens({ accessToken: 'access-1' })
    const endless = endlessReply(200, { 'Content-Type': 'application/json' })
    const response = await withSession(async () => endless.response, session)(apiUrl)
    expect(endless.pulls()).toBeLessThanOrEqual(6)
    const chunk = await response.body?.getReader().read()
    expect(chunk?.value?.length).toBe(16 * 1024)
  })

  test('sees text of another type too, where the reply says that it is short', async () => {
    const seen: unknown[] = []
    const session = openSession({ isExpired: ({ body }) => seen.push(body) < 0 })
    await session.setTokens({ accessToken: 'access-1' })
    const reply = (length: string): Response =>
      new Response('U2FsdGVkX1', { headers: { 'Content-Type': 'text/plain', 'Content-Length': length } })
    const replies = [reply('10'), reply('65537'), reply('')]
    const api = withSession(async () => replies.shift() as Response, session)
    const texts = [await api(apiUrl), await api(apiUrl), await api(apiUrl)].map((each) => each.text())
    expect(seen).toEqual([undefined, 'U2FsdGVkX1', undefined, undefined, undefined, undefined])
    expect(await Promise.all(texts)).toEqual(['U2FsdGVkX1', 'U2FsdGVkX1', 'U2FsdGVkX1'])
  })

  test('sees what is no JSON, though it says so, as text, and a reply that breaks off as nothing', async () => {
    const seen: unknown[] = []
    const session = openSession({ isExpired: ({ body }) => seen.push(body) < 0 })
    await session.setTokens({ accessToken: 'access-1' })
    const headers = { 'Content-Type': 'application/problem+json' }
    const broken = new ReadableStream({ start: (controller) => controller.error(new Error('broken off')) })
    const replies = [new Response('{"code', { headers }), new Response(broken, { headers })]
    const api = withSession(async () => replies.shift() as Response, session)
    await api(apiUrl)
    await api(apiUrl)
    expect(seen).toEqual([undefined, '{"code', undefined, undefined])
  })

  test('that throws is told, and the reply goes to the caller', async () => {
    const { session, get } = await signIn({
      isExpired() {
        throw new Error('a bug of the app')
      },
    })
    const warnings: string[] = []
    session.on((event) => event.type === 'warning' && warnings.push(event.code))
    backend.accepted.clear()
    expect((await get('/me')).status).toBe(401)
    expect(warnings).toEqual(['IS_EXPIRED_THREW'])
  })
})

describe('replies that show nothing', () => {
  test.each(['opaqueredirect', 'opaque', 'error'])(
    'an %s reply goes to the caller as it is',
    async (type) => {
      const session = openSession()
      await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1' })
      const reply = Object.defineProperties(new Response(), { status: { value: 0 }, type: { value: type } })
      const api = withSession(async () => reply, session)
      expect(await api(apiUrl, { redirect: 'manual' })).toBe(reply)
      expect(backend.refreshes).toHaveLength(0)
    },
  )

  test("a request with mode: 'no-cors' cannot carry a token: it waits for none, and its reply is its own", async () => {
    const session = openSession({ store: { read: () => new Promise(() => {}), write: () => {} } })
    const sent = vi.fn(async () => new Response(null, { status: 401 }))
    const api = withSession(sent, session)
    const init = { mode: 'no-cors' } as const
    expect((await api(apiUrl, init)).status).toBe(401)
    expect((await api(new Request(apiUrl, init))).status).toBe(401)
    expect(sent.mock.calls[0]).toEqual([apiUrl, init])
    expect(backend.refreshes).toHaveLength(0)
  })
})

test('a 401 from where a redirect led, which lost the token on the way, starts no refresh', async () => {
  const session = openSession()
  await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1' })
  const moved = (url: string): Response =>
    Object.defineProperties(new Response(null, { status: 401 }), {
      redirected: { value: true },
      url: { value: url },
    })
  for (const url of ['https://storage.test/file', 'http://user@app.test/file']) {
    const sent = vi.fn(async () => moved(url))
    expect((await withSession(sent, session)(apiUrl)).status).toBe(401)
    expect(sent).toHaveBeenCalledTimes(1)
  }
  expect(backend.refreshes).toHaveLength(0)
})

test('a 401 from where a redirect led within the API is cured', async () => {
  const { get } = await signIn()
  backend.accepted.clear()
  const { answer } = backend
  backend.answer = (call) =>
    call.url.pathname === '/api/old' ? HttpResponse.redirect('http://app.test/api/new', 307) : answer(call)
  expect(await (await get('/old')).json()).toEqual({ path: '/api/new' })
  expect(backend.refreshes).toHaveLength(1)
})

test('authErrorOf knows nothing of an ordinary response, nor of what is none', async () => {
  const session = openSession()
  const response = await guardFetch(session)(`${apiUrl}/me`)
  expect(response.status).toBe(401)
  for (const value of [response, undefined, null, {}]) expect(authErrorOf(value as Response)).toBeUndefined()
})

test('the wrapped fetch is called on its own, as browsers demand', async () => {
  const session = openSession()
  await session.setTokens({ accessToken: 'access-1' })
  const owners: unknown[] = []
  const api = withSession(function (this: unknown) {
    owners.push(this)
    return Promise.resolve(new Response())
  }, session)
  await api(apiUrl)
  await api(apiUrl, { headers: { Authorization: 'Bearer of-its-own' } })
  await api('https://elsewhere.test/')
  expect(owners).toEqual([undefined, undefined, undefined])
})

test('replies without streams, as React Native has them, are read, refused and sent again as any', async () => {
  const session = openSession({
    refresh: async () => ({ accessToken: 'access-2' }),
    isExpired: ({ body }) => (body as { code?: string } | undefined)?.code === 'TOKEN_EXPIRED',
  })
  await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1' })
  const withoutStream = (response: Response): Response =>
    Object.defineProperties(response, {
      body: { value: undefined },
      clone: { value: () => withoutStream(Response.prototype.clone.call(response)) },
    })
  const replies = [Response.json({ code: 'TOKEN_EXPIRED' }), Response.json({ fine: true })]
  const api = withSession(async () => withoutStream(replies.shift() as Response), session)
  expect(await (await api(apiUrl)).json()).toEqual({ fine: true })
  expect(replies).toEqual([])
})

test.each([
  ['https://storage.test/file', 0],
  [apiUrl, 1],
  ['', 1],
])(
  'a 401 of a `fetch` that does not know of redirects, from %j, starts %i refreshes',
  async (url, refreshes) => {
    const session = openSession()
    await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1' })
    const reply = (): Response =>
      Object.defineProperties(new Response(null, { status: 401 }), {
        redirected: { value: undefined },
        url: { value: url },
      })
    await withSession(async () => reply(), session)(apiUrl)
    expect(backend.refreshes).toHaveLength(refreshes)
  },
)
