// @vitest-environment node
import { HttpResponse } from 'msw'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { AuthError } from '../../src/core/errors.js'
import type { RefreshOutcome } from '../../src/core/refresh-outcome.js'
import type { StoredTokens } from '../../src/core/tokens.js'
import { createRefreshCall, fetchArgs, requestOf } from '../../src/http/refresh-call.js'
import { checkEndpoint, type RefreshEndpoint } from '../../src/http/refresh-endpoint.js'
import { headerPair } from '../../src/servers.js'
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

function refresh(
  endpoint: Partial<RefreshEndpoint> = {},
  { tokens = stored, signal = new AbortController().signal } = {},
): Promise<RefreshOutcome> {
  const checked = checkEndpoint({ ...headerPair({ url: refreshUrl }), ...endpoint }, undefined)
  return createRefreshCall(checked, Date.now)(tokens, signal)
}

/** What one call of the endpoint put on the wire. */
async function sent(endpoint: Partial<RefreshEndpoint>): Promise<Call> {
  await refresh(endpoint)
  expect(backend.refreshes).toHaveLength(1)
  return backend.refreshes[0] as Call
}

describe('the request', () => {
  test('is a POST that asks for JSON, with the headers and the body that send makes', async () => {
    const { method, headers, text } = await sent({
      send: ({ accessToken, refreshToken }) => ({
        headers: { 'X-Old': accessToken },
        body: `refresh=${refreshToken}`,
      }),
    })
    expect(method).toBe('POST')
    expect(headers.get('accept')).toBe('application/json')
    expect(headers.get('x-old')).toBe('access-1')
    expect(text).toBe('refresh=refresh-1')
  })

  test('may be a GET', async () => {
    const { method, headers, text } = await sent({ method: 'GET' })
    expect(method).toBe('GET')
    expect(headers.get('refresh')).toBe('refresh-1')
    expect(text).toBe('')
  })

  test('may ask for another type', async () => {
    const { headers } = await sent({ send: () => ({ headers: { Accept: 'application/jose' } }) })
    expect(headers.get('accept')).toBe('application/jose')
  })

  test.each<[claim: string, endpoint: Partial<RefreshEndpoint>]>([
    ['a GET with a body', { method: 'GET', send: () => ({ body: '{}' }) }],
    ['the header Cookie', { send: () => ({ headers: { cookie: 'refresh=refresh-1' } }) }],
    ['a header that no engine takes', { send: () => ({ headers: { 'X-A': 'refresh-1\r\ny' } }) }],
    ['nothing to send', { send: () => null }],
    ['an async send', { send: (async () => ({})) as never }],
    ['an async send that rejects', { send: (() => Promise.reject(new Error('refresh-1'))) as never }],
    [
      'a send that throws',
      {
        send() {
          throw new Error('refresh-1 is not what I want')
        },
      },
    ],
  ])('cannot be made with %s: nothing is sent, and the set-up is wrong', async (_, endpoint) => {
    const outcome = (await refresh(endpoint)) as { error: AuthError }
    expect(outcome).toMatchObject({ kind: 'misconfigured', error: { code: 'REFRESH_REFUSED' } })
    expect(outcome.error.message).toMatch(/request that cannot be sent: \w*Error\. See /)
    expect(`${outcome.error.cause} ${JSON.stringify(outcome.error)}`).not.toContain('refresh-1')
    expect(backend.refreshes).toHaveLength(0)
  })

  test('inherits nothing, so that a polluted prototype is not sent', () => {
    const init = fetchArgs(refreshUrl, Object.create({ body: 'evil' }), { method: 'POST' })[1]
    expect(init).not.toHaveProperty('body')
    expect(Object.getPrototypeOf(init)).toBeNull()
    const endpoint = checkEndpoint({ url: refreshUrl, send: () => ({ body: 'b' }) }, undefined)
    expect(Object.getPrototypeOf(requestOf(endpoint, stored))).toBeNull()
  })

  test('has no address where the URL is relative and there is no page', async () => {
    expect(await refresh({ url: '/auth/refresh' })).toMatchObject({
      kind: 'misconfigured',
      error: { code: 'REFRESH_REFUSED' },
    })
  })
})

describe('the transport', () => {
  async function requestInit(endpoint: Partial<RefreshEndpoint>): Promise<RequestInit> {
    const spy = vi.spyOn(globalThis, 'fetch')
    await refresh(endpoint)
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

  test('sends cookies to another origin only where the endpoint wants them', async () => {
    expect(await requestInit({})).toMatchObject({ credentials: 'same-origin' })
    vi.restoreAllMocks()
    expect(await requestInit({ credentials: 'include' })).toMatchObject({ credentials: 'include' })
    vi.restoreAllMocks()
    expect(await requestInit({ credentials: 'omit' })).toMatchObject({ credentials: 'omit' })
  })

  test('has a body only where the protocol has one, and the signal of the refresh', async () => {
    const init = await requestInit({})
    expect(init).not.toHaveProperty('body')
    expect(init.signal).toBeInstanceOf(AbortSignal)
  })
})

describe('what comes back', () => {
  const answer = (reply: () => Response): Promise<RefreshOutcome> => {
    backend.renew = reply
    return refresh()
  }

  test('is read as tokens', async () => {
    expect(await refresh()).toEqual({
      kind: 'refreshed',
      tokens: { accessToken: 'access-2', refreshToken: 'refresh-2' },
    })
  })

  test('is read as tokens in headers, with an empty body', async () => {
    const headers = { Authorization: 'Bearer access-2', Refresh: 'refresh-2' }
    expect(await answer(() => new Response(null, { status: 204, headers }))).toMatchObject({
      kind: 'refreshed',
      tokens: { accessToken: 'access-2', refreshToken: 'refresh-2' },
    })
  })

  test('is read as JSON whatever type it claims', async () => {
    expect(await answer(() => HttpResponse.text('{"accessToken":"access-2"}'))).toMatchObject({
      kind: 'refreshed',
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
    expect(await answer(() => new HttpResponse(body))).toMatchObject({ kind: 'refreshed' })
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
    expect(await refresh()).toMatchObject({ kind: 'retry', error: { code: 'REFRESH_FAILED' } })
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

test.each(['revoked:refresh-1', 'access-1', 'Refresh token refresh-1 is not in the database'])(
  'an error that quotes a token of the call is not handed on: %s',
  async (error) => {
    backend.renew = () => HttpResponse.json({ error }, { status: 400 })
    const outcome = (await refresh()) as { error: AuthError }
    expect(outcome.error).toMatchObject({ code: 'REFRESH_REFUSED', oauthError: undefined })
    expect(`${outcome.error.message} ${JSON.stringify(outcome.error)}`).not.toMatch(/refresh-1|access-1/)
  },
)

test('what a fetch of the app throws is not the cause, for it may hold the request', async () => {
  const thrown = Object.assign(new Error('refresh-1'), { request: { headers: { refresh: 'refresh-1' } } })
  vi.spyOn(globalThis, 'fetch').mockRejectedValue(thrown)
  const { error } = (await refresh()) as { error: AuthError }
  expect(error).toMatchObject({ code: 'REFRESH_FAILED' })
  expect(error).not.toHaveProperty('cause')
  expect(`${error.message} ${JSON.stringify(error)}`).not.toContain('refresh-1')
})

describe('no reply', () => {
  const lost = { kind: 'retry', isUnknown: true, error: { code: 'REFRESH_FAILED', retryable: true } }

  test('for want of a network leaves open whether the token was spent', async () => {
    backend.renew = () => HttpResponse.error()
    const outcome = (await refresh()) as { error: AuthError }
    expect(outcome).toMatchObject(lost)
    expect(outcome.error.status).toBeUndefined()
    expect(outcome.error.message).toMatch(/could not reach the refresh endpoint.*: TypeError\. See /)
    expect(outcome.error.cause).toBeUndefined()
  })

  test('for a body that breaks off leaves it open as well', async () => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"accessToken":'))
        controller.error(new Error('connection reset'))
      },
    })
    vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(body))
    expect(await refresh()).toMatchObject(lost)
  })

  test('for JSON that breaks off, which some engines hand over as if it were whole', async () => {
    const headers = { 'Content-Type': 'application/json; charset=utf-8' }
    backend.renew = () => new Response('{"accessToken":"acc', { headers })
    const message = expect.stringContaining('broke off')
    expect(await refresh()).toMatchObject({ ...lost, error: { ...lost.error, message } })
  })

  test.each([
    ['nothing under the type of JSON', '', 'application/json'],
    ['JSON that is a text', '"done"', 'application/json'],
    ['a text', 'done', 'text/plain'],
    ['a text of no type', 'done', ''],
  ])('is what %s is not: it came whole', async (_, text, type) => {
    vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(text, { headers: { 'Content-Type': type } }))
    expect(await refresh()).toMatchObject({ kind: 'retry', isSpent: true, error: { status: 200 } })
  })

  test('where the reply is longer than any', async () => {
    const padded = (length: number): Response => new Response('{"accessToken":"access-2"}'.padEnd(length))
    vi.spyOn(globalThis, 'fetch').mockResolvedValue(padded(2 ** 20 + 1))
    expect(await refresh()).toMatchObject({ ...lost, error: { message: expect.stringContaining('longer') } })
    vi.spyOn(globalThis, 'fetch').mockResolvedValue(padded(2 ** 20))
    expect(await refresh()).toMatchObject({ kind: 'refreshed' })
  })

  test('for an abort comes at once', async () => {
    const hanging = holding(backend.renew)
    backend.renew = hanging.respond
    const controller = new AbortController()
    const outcome = refresh({}, { signal: controller.signal })
    await hanging.arrived
    controller.abort()
    expect(await outcome).toMatchObject(lost)
    hanging.release()
  })
})
