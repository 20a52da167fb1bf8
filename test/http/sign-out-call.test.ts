import { HttpResponse } from 'msw'
import { afterEach, expect, test, vi } from 'vitest'
import type { SignOutEndpoint } from '../../src/index.js'
import { type Call, refreshUrl as url, useBackend } from '../support/backend.js'
import { openSession, signIn } from '../support/guarded-api.js'
import { holding } from '../support/holding.js'
import { settled } from '../support/settled.js'

const backend = useBackend()
afterEach(() => vi.restoreAllMocks())

const signOutUrl = '/auth/logout'

/** The call that a sign-out makes. */
async function told(signOut: string | SignOutEndpoint, more: object = {}): Promise<Call | undefined> {
  const { session } = await signIn({ refresh: { url, signOut, ...more } })
  backend.answer = () => new HttpResponse(null, { status: 204 })
  await session.signOut()
  await expect.poll(() => backend.calls).toHaveLength(1)
  return backend.calls[0]
}

test('nobody waits for the server: the user is signed out before it has answered', async () => {
  const { session } = await signIn({ refresh: { url, signOut: signOutUrl } })
  const hanging = holding(() => new HttpResponse(null, { status: 204 }))
  backend.answer = hanging.respond
  await session.signOut()
  expect(session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
  await hanging.arrived
  hanging.release()
})

test('the call outlives the page', async () => {
  const spy = vi.spyOn(globalThis, 'fetch')
  await told(signOutUrl)
  expect(spy.mock.calls[0]?.[1]).toMatchObject({ keepalive: true, redirect: 'error' })
})

test('a URL gets the tokens as the refresh endpoint does', async () => {
  const { method, headers } = (await told(signOutUrl)) ?? {}
  expect(method).toBe('POST')
  expect(headers?.get('authorization')).toBe('Bearer access-1')
  expect(headers?.get('refresh')).toBe('refresh-1')
})

test('it is a POST where the refresh is a GET', async () => {
  expect((await told(signOutUrl, { method: 'GET' }))?.method).toBe('POST')
  backend.calls.length = 0
  expect((await told({ url: signOutUrl }, { method: 'GET' }))?.method).toBe('POST')
})

test('an object says itself how it is told', async () => {
  const call = await told({
    url: signOutUrl,
    method: 'DELETE',
    send: ({ accessToken }) => ({ headers: { Authorization: `Bearer ${accessToken}` }, body: 'bye' }),
  })
  expect(call).toMatchObject({ method: 'DELETE', text: 'bye' })
  expect(call?.headers.has('refresh')).toBe(false)
})

test('a sign-out that the server was told of is no news', async () => {
  const { session } = await signIn({ refresh: { url, signOut: signOutUrl } })
  const types: string[] = []
  session.on(({ type }) => types.push(type))
  const hanging = holding(() => new HttpResponse(null, { status: 204 }))
  backend.answer = hanging.respond
  await session.signOut()
  await hanging.arrived
  hanging.release()
  await settled()
  expect(types).toEqual(['signed-out'])
})

test('nobody is told where nobody was signed in', async () => {
  const session = openSession({ refresh: { url, signOut: signOutUrl } })
  await session.ready
  const spy = vi.spyOn(globalThis, 'fetch')
  const types: string[] = []
  session.on(({ type }) => types.push(type))
  await session.signOut()
  await settled()
  expect(spy).not.toHaveBeenCalled()
  expect(types).not.toContain('warning')
})

test('an app whose `send` throws has signed out all the same', async () => {
  const send = (): never => {
    throw new Error('mine')
  }
  const { session } = await signIn({ refresh: { url, signOut: { url: signOutUrl, send } } })
  const warned = new Promise((resolve) => {
    session.on((event) => event.type === 'warning' && resolve(event))
  })
  await session.signOut()
  expect(session.state.status).toBe('signed-out')
  expect(await warned).toMatchObject({ code: 'SIGN_OUT_NOT_TOLD' })
})
