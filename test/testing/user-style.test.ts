// As an app would test itself: a React menu, and a page of orders whose requests are mocked by msw.
import axios, { type AxiosInstance } from 'axios'
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { act, createElement, type ReactNode } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { withSession } from '../../src/axios.js'
import { createSession, memoryStore, type Session } from '../../src/index.js'
import { useSession } from '../../src/react.js'
import { jsonRefresh } from '../../src/servers.js'
import { createManualClock, createTestServer, createTestSession } from '../../src/testing.js'

// --- the app

interface User {
  name: string
}

function Menu({ session }: { session: Session<User> }): ReactNode {
  const state = useSession(session)
  if (state.status === 'loading') return 'One moment'
  if (state.status === 'signed-out') {
    return state.reason === 'expired' ? 'Please sign in again' : 'Sign in'
  }
  return createElement(
    'button',
    { type: 'button', onClick: session.signOut },
    `Sign out ${state.claims?.name}`,
  )
}

const loadOrders = async (api: AxiosInstance): Promise<number[]> => (await api.get('/orders')).data

// --- its tests

const page = document.createElement('div')
let root: Root
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })
beforeEach(() => {
  root = createRoot(page)
})
afterEach(() => act(() => root.unmount()))
const show = (session: Session<User>): Promise<void> =>
  act(async () => root.render(createElement(Menu, { session })))

describe('the menu, with a session made up', () => {
  test('greets who is signed in', async () => {
    await show(await createTestSession<User>({ claims: { name: 'Ada' } }))
    expect(page.textContent).toBe('Sign out Ada')
  })

  test('offers the sign-in to nobody', async () => {
    await show(await createTestSession<User>())
    expect(page.textContent).toBe('Sign in')
  })

  test('signs out', async () => {
    const session = await createTestSession<User>({ claims: { name: 'Ada' } })
    await show(session)
    await act(async () => page.querySelector('button')?.click())
    expect(page.textContent).toBe('Sign in')
    expect(session.state.status).toBe('signed-out')
  })

  test('says so when the session has expired', async () => {
    const session = await createTestSession<User>({
      signedIn: true,
      refresh: () => Promise.reject(Object.assign(new Error(), { response: { status: 401, headers: {} } })),
    })
    await show(session)
    await act(() => session.refresh().catch(() => ''))
    expect(page.textContent).toBe('Please sign in again')
  })

  test('keeps showing the user while the hours pass', async () => {
    const clock = createManualClock()
    const session = await createTestSession<User>({ claims: { name: 'Ada' }, expiresIn: 60, clock })
    await show(session)
    const token = await session.getAccessToken()
    await act(() => clock.advance(3_600_000))
    expect(await act(() => session.getAccessToken())).not.toBe(token)
    expect(page.textContent).toBe('Sign out Ada')
  })
})

describe('the orders, with requests mocked by msw', () => {
  const server = createTestServer({ protocol: 'json' })
  const msw = setupServer(
    http.post('http://app.test/auth/refresh', server.refresh),
    http.get(
      'http://app.test/api/orders',
      server.protect(() => HttpResponse.json([1, 2])),
    ),
  )
  beforeAll(() => msw.listen({ onUnhandledRequest: 'error' }))
  afterAll(() => msw.close())

  async function open() {
    const session = createSession<User>({
      refresh: jsonRefresh({ url: 'http://app.test/auth/refresh' }),
      store: memoryStore(),
    })
    await session.setTokens(server.signIn({ name: 'Ada' }))
    const api = withSession(axios.create({ baseURL: 'http://app.test/api' }), session)
    return { session, api }
  }

  test('load', async () => {
    const { api } = await open()
    expect(await loadOrders(api)).toEqual([1, 2])
  })

  test('load over an expired token, with one refresh for all', async () => {
    const { api } = await open()
    const before = server.refreshCount
    server.expireAccessToken()
    expect(await Promise.all([loadOrders(api), loadOrders(api), loadOrders(api)])).toHaveLength(3)
    expect(server.refreshCount - before).toBe(1)
  })

  test('do not load when the server has ended the session, and the menu says why', async () => {
    const { session, api } = await open()
    await show(session)
    expect(page.textContent).toBe('Sign out Ada')
    server.endSession()
    await act(() => expect(loadOrders(api)).rejects.toMatchObject({ response: { status: 401 } }))
    expect(page.textContent).toBe('Please sign in again')
  })
})
