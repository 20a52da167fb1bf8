import { HttpResponse } from 'msw'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Session } from '../../src/index.js'
import { cookie } from '../../src/servers.js'
import { refreshUrl as url, useBackend } from '../support/backend.js'
import { deferred } from '../support/deferred.js'
import { openSession } from '../support/guarded-api.js'
import { settled } from '../support/settled.js'
import { json } from './support/claims.js'

const backend = useBackend()
beforeEach(() => {
  localStorage.clear()
  backend.renew = () => json({ accessToken: 'access-1' })
})
afterEach(() => {
  vi.unstubAllGlobals()
  localStorage.clear()
})

interface Options {
  url?: string
  /** `null`: there is none. */
  signOut?: string | null
}

const unheard: [string, () => Response, Options?][] = [
  ['without a network', () => HttpResponse.error()],
  ['with a server in trouble', () => new HttpResponse(null, { status: 503 })],
  ['with a server that refuses the call', () => new HttpResponse(null, { status: 401 })],
  ['without a call', () => json({}), { signOut: null }],
]
const heard = (): Response => new HttpResponse(null, { status: 204 })

/** A page load, until it is known whether somebody is signed in. */
async function load({ url: address = url, signOut = '/auth/logout' }: Options = {}): Promise<Session> {
  const session = openSession({ refresh: cookie({ url: address, ...(signOut && { signOut }) }) })
  await session.ready
  return session
}

/** A load, and a sign-out that gets this answer. */
async function signOut(answer: () => Response, more?: Options): Promise<void> {
  const session = await load(more)
  expect(session.state.status).toBe('signed-in')
  backend.answer = answer
  await session.signOut()
  await expect.poll(() => backend.calls).toHaveLength(more?.signOut === null ? 0 : 1)
  session.dispose()
  backend.refreshes.length = 0
  backend.calls.length = 0
}

const nobody = { status: 'signed-out', reason: 'none' }

describe.each(unheard)('a sign-out that the server did not hear, %s,', (_, answer, more) => {
  test('is not undone by the next load, nor by the one after it', async () => {
    await signOut(answer, more)
    for (let turn = 1; turn <= 2; turn++) {
      expect((await load(more)).state).toEqual(nobody)
      await expect.poll(() => backend.calls).toHaveLength(more ? 0 : turn)
      await settled()
      expect(backend.refreshes).toHaveLength(0)
    }
  })

  test('is past when a user signs in', async () => {
    await signOut(answer, more)
    const session = await load(more)
    await session.setTokens({ accessToken: 'access-2' })
    session.dispose()
    expect((await load(more)).state.status).toBe('signed-in')
  })
})

test('the server is told again, and once it has heard, the cookie is asked again', async () => {
  await signOut(() => HttpResponse.error())
  backend.answer = heard
  await load()
  await expect.poll(() => backend.calls.map(({ url }) => url.pathname)).toEqual(['/auth/logout'])
  expect(backend.calls[0]?.headers.get('x-requested-with')).toBe('latchkey')
  await expect.poll(() => localStorage.length).toBe(0)
  expect((await load()).state.status).toBe('signed-in')
})

test('a sign-out that the server heard leaves no mark: users may sign in at a page of the server', async () => {
  await signOut(heard)
  await expect.poll(() => localStorage.length).toBe(0)
  expect((await load()).state.status).toBe('signed-in')
})

test('the mark holds neither a token nor the query of the URL, and is of that endpoint alone', async () => {
  await signOut(() => HttpResponse.error(), { url: `${url}?key=secret` })
  expect(Object.entries(localStorage)).toEqual([[`latchkey-signed-out ${url}`, 'yes']])
  expect((await load()).state).toEqual(nobody)
  const elsewhere = openSession({ refresh: cookie({ url: 'http://app.test/other/refresh' }) })
  backend.answer = () => json({ accessToken: 'access-1' })
  await elsewhere.ready
  expect(elsewhere.state.status).toBe('signed-in')
})

test('an endpoint with silentStart: true always asks', async () => {
  await signOut(() => HttpResponse.error())
  const session = openSession({ refresh: { ...cookie({ url, signOut: '/auth/logout' }), silentStart: true } })
  await session.ready
  expect(session.state.status).toBe('signed-in')
})

test('without localStorage the cookie is asked, and a sign-out is one all the same', async () => {
  vi.stubGlobal('localStorage', undefined)
  await signOut(() => HttpResponse.error())
  expect((await load()).state.status).toBe('signed-in')
})

test('an earlier sign-out that the server hears late says nothing of a later one', async () => {
  const replies = [deferred<Response>(), deferred<Response>()]
  const calls = replies.values()
  vi.stubGlobal('fetch', () => calls.next().value?.promise)
  const { signOut, silentStart } = cookie({ url, signOut: '/auth/logout' })
  if (typeof silentStart !== 'object') throw new Error('no mark')
  const told = [1, 2].map(() => {
    silentStart.allow(false)
    return signOut?.({ accessToken: 'access-1' })
  })
  replies[0]?.resolve(new Response())
  await told[0]
  expect(silentStart.isAllowed()).toBe(false)
  replies[1]?.resolve(new Response())
  await told[1]
  expect(silentStart.isAllowed()).toBe(true)
})

test('where there is no page there is no mark: on a server all users would share it', () => {
  vi.stubGlobal('document', undefined)
  expect(cookie({ url }).silentStart).toBe(true)
})

test('an endpoint that does not ask at the start has no mark', () => {
  expect(cookie({ url, silentStart: false }).silentStart).toBe(false)
})
