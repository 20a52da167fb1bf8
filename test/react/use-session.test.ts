import { act, createElement, type ReactNode, StrictMode } from 'react'
import { createRoot, hydrateRoot, type Root } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { memoryStore, type Session } from '../../src/index.js'
import { useSession } from '../../src/react.js'
import { countSubscribers } from '../support/counted-session.js'
import { openSession } from '../support/guarded-api.js'
import { unsignedJwt } from '../support/unsigned-jwt.js'

const renew = vi.fn()
const adasToken = unsignedJwt({ sub: 'ada', exp: Date.UTC(2040, 0, 1) / 1000 })

// React asks for it before it lets a test `act`.
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })

let complaints: unknown[][]
beforeEach(() => {
  renew.mockReset()
  complaints = []
  vi.spyOn(console, 'error').mockImplementation((...words) => void complaints.push(words))
})
afterEach(() => vi.restoreAllMocks())

const open = (): Session => openSession({ refresh: renew })

function Account({ session }: { session: Session }): ReactNode {
  const state = useSession(session)
  return state.status === 'signed-in' ? `signed in as ${state.claims?.sub}` : state.status
}

const account = (session: Session): ReactNode => createElement(Account, { session })
const strict = (session: Session): ReactNode => createElement(StrictMode, null, account(session))

async function mount(node: ReactNode): Promise<{ page: HTMLElement; root: Root }> {
  const page = document.createElement('main')
  const root = createRoot(page)
  onTestFinished(() => act(() => root.unmount()))
  await act(() => root.render(node))
  return { page, root }
}

test('a component shows the state of the session, and each change of it', async () => {
  const session = open()
  const { page } = await mount(account(session))
  await act(() => session.ready)
  expect(page.textContent).toBe('signed-out')
  await act(() => session.setTokens({ accessToken: adasToken }))
  expect(page.textContent).toBe('signed in as ada')
  await act(() => session.signOut())
  expect(page.textContent).toBe('signed-out')
  expect(complaints).toEqual([])
})

test('StrictMode, which mounts twice, costs no refresh and leaves no listener', async () => {
  const counted = countSubscribers(open())
  await counted.session.setTokens({ accessToken: adasToken, refreshToken: 'refresh-1' })
  const { page, root } = await mount(strict(counted.session))
  expect(page.textContent).toBe('signed in as ada')
  expect(counted.subscribers).toBe(1)
  await act(() => root.unmount())
  expect(counted.subscribers).toBe(0)
  expect(renew).not.toHaveBeenCalled()
})

test('a component that renders again for other reasons stays subscribed once', async () => {
  const counted = countSubscribers(open())
  const { root } = await mount(account(counted.session))
  await act(() => root.render(account(counted.session)))
  expect(counted.subscriptions).toBe(1)
})

test('a component that is handed another session, as a hot update does, follows that one', async () => {
  const [before, after] = [countSubscribers(open()), countSubscribers(open())]
  await after.session.setTokens({ accessToken: adasToken })
  const { page, root } = await mount(strict(before.session))
  await act(() => root.render(strict(after.session)))
  expect(page.textContent).toBe('signed in as ada')
  expect([before.subscribers, after.subscribers]).toEqual([0, 1])
})

test('a session disposed of under a mounted component leaves the tree standing', async () => {
  const session = open()
  await session.setTokens({ accessToken: adasToken })
  const { page, root } = await mount(account(session))
  await act(() => session.dispose())
  await act(() => root.render(strict(session)))
  expect(page.textContent).toBe('signed in as ada')
  await act(() => root.unmount())
  expect(complaints).toEqual([])
})

test.each(['opaque', unsignedJwt(null), unsignedJwt(['ada'])])(
  'the token %s has no claims to show, and the state says null',
  async (accessToken) => {
    const session = open()
    await session.setTokens({ accessToken })
    const { page } = await mount(account(session))
    expect(page.textContent).toBe('signed in as undefined')
    expect(session.state).toMatchObject({ status: 'signed-in', claims: null })
  },
)

test('useSession without a session says so', () => {
  expect(() => renderToString(account(undefined as never))).toThrow(
    new TypeError('useSession takes a session made by createSession'),
  )
})

test("the page takes over a server's HTML without a mismatch, and then shows who is signed in", async () => {
  const counted = countSubscribers(openSession({ refresh: renew, store: memoryStore() }))
  await counted.session.setTokens({ accessToken: adasToken })
  const html = renderToString(strict(open()))
  expect(html).toBe('loading')

  const page = document.createElement('main')
  page.innerHTML = html
  const mismatches: unknown[] = []
  const root = await act(() =>
    hydrateRoot(page, strict(counted.session), { onRecoverableError: (error) => mismatches.push(error) }),
  )
  expect(page.textContent).toBe('signed in as ada')
  expect(mismatches).toEqual([])
  expect(complaints).toEqual([])
  await act(() => root.unmount())
  expect(counted.subscribers).toBe(0)
})
