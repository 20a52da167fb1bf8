import { HttpResponse } from 'msw'
import { describe, expect, test, vi } from 'vitest'
import type { RefreshEndpoint } from '../../src/index.js'
import { headerPair, jsonRefresh } from '../../src/servers.js'
import { leakWatch } from '../leak-watch/leak-watch.js'
import { refreshUrl as url, useBackend } from '../support/backend.js'
import { signIn } from '../support/guarded-api.js'
import { json } from './support/claims.js'

const backend = useBackend()

const next = (): Response => json({ accessToken: 'access-2', refreshToken: 'refresh-2' })

describe('the query that send makes', () => {
  test('is added to that of the URL, and replaces what has its name', async () => {
    const send = () => ({ query: { grant: 'refresh & more', client: 'spa' } })
    const { session } = await signIn({ refresh: { url: `${url}?client=web&v=2`, send } })
    backend.renew = next
    expect(await session.refresh()).toBe('access-2')
    const [call] = backend.refreshes
    expect(call?.url.search).toBe('?client=spa&v=2&grant=refresh+%26+more')
    expect(call?.text).toBe('')
  })

  test('may hold the refresh token, which nobody else gets to see: no event, no error, no line of debug', async () => {
    const send = ({ refreshToken = '' }) => ({ query: { refreshToken } })
    const lines: string[] = []
    const { session, api } = await signIn({ refresh: { url, send }, debug: (line) => lines.push(line) })
    backend.renew = next
    await session.refresh()
    backend.renew = () => json({ error: 'refresh-2' }, 400)
    const error = await api.get('/me').catch((error: unknown) => error)
    expect(error).toMatchObject({ cause: { code: 'REFRESH_REFUSED' } })
    expect(backend.refreshes.map(({ url }) => url.search)).toEqual([
      '?refreshToken=refresh-1',
      '?refreshToken=refresh-2',
    ])
    expect(lines.length).toBeGreaterThan(3)
    // The address of the call itself is all that was seen.
    for (const leak of leakWatch.take()) expect(leak).toMatch(/^a URL shows/)
  })

  test('is that of this call alone', async () => {
    let calls = 0
    const send = () => ({ query: { [`call${++calls}`]: 'x' } })
    const { session } = await signIn({ refresh: { url, send } })
    backend.renew = next
    await session.refresh()
    await session.refresh()
    const queries = backend.refreshes.map(({ url }) => [...url.searchParams.keys()])
    expect(queries.map((names) => names.length)).toEqual([1, 1])
  })
})

test.each(['Cookie', 'cookie', 'COOKIE'])('the header %s is refused, and nothing is sent', async (name) => {
  const send = () => ({ headers: { [name]: 'refresh=1' } })
  const { session } = await signIn({ refresh: { url, send } })
  const error = await session.refresh().catch((error: unknown) => error)
  expect(error).toMatchObject({ code: 'REFRESH_REFUSED', retryable: false })
  expect(String(error)).not.toContain('refresh=1')
  expect(backend.refreshes).toHaveLength(0)
  expect(session.state).toMatchObject({ status: 'signed-in' })
})

test('a send that gives null has nothing to refresh: nothing is sent, and the session is kept', async () => {
  const { session, api } = await signIn({ refresh: { url, send: () => null } })
  await expect(session.refresh()).rejects.toMatchObject({
    code: 'REFRESH_REFUSED',
    message: expect.stringMatching(/^The session has no refresh token\. Pass it to setTokens\. See /),
  })
  backend.answer = () => json({}, 401)
  await expect(api.get('/me')).rejects.toMatchObject({ response: { status: 401 } })
  expect(backend.refreshes).toHaveLength(0)
  expect(session.state).toMatchObject({ status: 'signed-in' })
})

describe('the fetch of an endpoint', () => {
  type Send = NonNullable<RefreshEndpoint['fetch']>
  const withFetch = (fetch: Send): RefreshEndpoint => ({ ...headerPair({ url }), fetch })

  test('sends the refresh with the URL and the init that the global one would get', async () => {
    const send = vi.fn<Send>((url, init) => fetch(url, { ...init, priority: 'high' }))
    const { session } = await signIn({ refresh: withFetch(send) })
    expect(await session.refresh()).toBe('access-2')
    expect(backend.refreshes).toHaveLength(1)
    const [address, init] = send.mock.calls[0] ?? []
    expect(address).toBe(url)
    expect(init).toMatchObject({
      method: 'POST',
      redirect: 'error',
      cache: 'no-store',
      credentials: 'same-origin',
    })
    expect(new Headers(init?.headers).get('refresh')).toBe('refresh-1')
    expect(init?.signal).toBeInstanceOf(AbortSignal)
  })

  test('sends nothing else', async () => {
    const send = vi.fn<Send>((url, init) => fetch(url, init))
    const endpoint = { ...jsonRefresh({ url, signOut: '/auth/logout' }), fetch: send }
    const { session, api } = await signIn({ refresh: endpoint })
    await api.get('/me')
    backend.answer = () => new HttpResponse(null, { status: 204 })
    await session.signOut()
    await expect.poll(() => backend.calls).toHaveLength(2)
    expect(send).not.toHaveBeenCalled()
  })

  test.each<[claim: string, fetch: Send]>([
    ['rejects', () => Promise.reject(new TypeError('Failed to fetch'))],
    [
      'throws',
      () => {
        throw new Error('refresh-1')
      },
    ],
    ['gives no response', () => Promise.resolve(undefined as never)],
  ])('that %s keeps the session, and may be tried again', async (_, fetch) => {
    const { session } = await signIn({ refresh: withFetch(fetch) })
    await expect(session.refresh()).rejects.toMatchObject({ code: 'REFRESH_FAILED', retryable: true })
    expect(session.state).toMatchObject({ status: 'signed-in' })
  })
})
