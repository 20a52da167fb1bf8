// @vitest-environment node
import { HttpResponse } from 'msw'
import { afterEach, expect, test, vi } from 'vitest'
import type { RefreshEndpoint, Reply, TokenSet } from '../../src/index.js'
import { headerPair } from '../../src/servers.js'
import { authorizationOf, refreshUrl as url, useBackend } from '../support/backend.js'
import { apiUrl, signIn } from '../support/guarded-fetch.js'
import { holding } from '../support/holding.js'
import { settled } from '../support/settled.js'

const backend = useBackend()
afterEach(() => vi.restoreAllMocks())

const inHeader = ({ header }: Reply): TokenSet | null => {
  const accessToken = header('X-New-Token')
  return accessToken === null ? null : { accessToken }
}
const open = (onReply: RefreshEndpoint['onReply'] = inHeader) =>
  signIn({ refresh: { ...headerPair({ url }), onReply } })
const bringing = (token: string, status = 200) =>
  new HttpResponse('{}', { status, headers: { 'X-New-Token': token } })

test('a token on any reply belongs to the session from then on, and its refresh token stays', async () => {
  const { session, get } = await open()
  backend.answer = () => bringing('access-2')
  await get('/a')
  await expect.poll(() => session.getAccessToken()).toBe('access-2')
  await get('/b')
  expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1', 'Bearer access-2'])
  expect(backend.refreshes).toHaveLength(0)
  await session.refresh()
  expect(backend.refreshes[0]?.headers.get('refresh')).toBe('refresh-1')
})

test.each([404, 422, 500])('a reply of %d brings one too', async (status) => {
  const { session, get } = await open()
  backend.answer = () => bringing('access-2', status)
  expect((await get('/a')).status).toBe(status)
  await expect.poll(() => session.getAccessToken()).toBe('access-2')
})

test.each<[string, RefreshEndpoint['onReply'], string]>([
  ['cannot be one', inHeader, 'two words'],
  ['is there already', inHeader, 'access-1'],
  ['nobody reads', undefined, 'access-2'],
  [
    'makes the hook throw',
    () => {
      throw new Error('mine')
    },
    'access-2',
  ],
])('a token that %s changes nothing, and the caller gets the reply', async (_, onReply, token) => {
  const { session, get } = await signIn({ refresh: { ...headerPair({ url }), ...(onReply && { onReply }) } })
  backend.answer = () => bringing(token)
  expect((await get('/a')).status).toBe(200)
  await settled()
  expect(await session.getAccessToken()).toBe('access-1')
})

test('a reply that was long under way does not take the place of newer tokens', async () => {
  const { session, get } = await open()
  const slow = holding(() => bringing('access-old'))
  backend.answer = slow.respond
  const late = get('/slow')
  await slow.arrived
  expect(await session.refresh()).toBe('access-2')
  slow.release()
  await late
  await settled()
  expect(await session.getAccessToken()).toBe('access-2')
})

test('a reply that comes after the sign-out signs nobody in', async () => {
  const { session, get } = await open()
  const slow = holding(() => bringing('access-2'))
  backend.answer = slow.respond
  const late = get('/slow')
  await slow.arrived
  await session.signOut()
  slow.release()
  await late
  await settled()
  expect(session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
  expect(await session.getAccessToken()).toBeNull()
})

test.each([
  ['the API itself', false, 'access-2'],
  ['where a redirect has led, and the token may not go,', true, 'access-1'],
])('after a reply from %s (redirected: %s) the token is %s', async (_, redirected, expected) => {
  const { session, api } = await open()
  const reply = Object.defineProperties(bringing('access-2'), {
    redirected: { value: redirected },
    url: { value: redirected ? 'https://evil.test/a' : `${apiUrl}/a` },
  })
  vi.spyOn(globalThis, 'fetch').mockResolvedValue(reply)
  await api(`${apiUrl}/a`)
  await settled()
  expect(await session.getAccessToken()).toBe(expected)
})
