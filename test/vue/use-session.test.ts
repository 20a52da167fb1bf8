import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import {
  type App,
  createApp,
  createSSRApp,
  defineComponent,
  effectScope,
  h,
  nextTick,
  type ShallowRef,
  shallowRef,
} from 'vue'
import type { Session, SessionState } from '../../src/index.js'
import { sessionPlugin, useSession } from '../../src/vue.js'
import { countSubscribers } from '../support/counted-session.js'
import { openSession } from '../support/guarded-api.js'
import { unsignedJwt } from '../support/unsigned-jwt.js'

const renew = vi.fn()
const adasToken = unsignedJwt({ sub: 'ada', exp: Date.UTC(2040, 0, 1) / 1000 })

let complaints: unknown[][]
beforeEach(() => {
  renew.mockReset()
  complaints = []
  vi.spyOn(console, 'warn').mockImplementation((...words) => void complaints.push(words))
  vi.spyOn(console, 'error').mockImplementation((...words) => void complaints.push(words))
})
afterEach(() => {
  vi.restoreAllMocks()
  expect(complaints).toEqual([])
})

const open = (): Session => openSession({ refresh: renew })

const account = (session?: Session) =>
  defineComponent(() => {
    const state = useSession(session)
    return () =>
      state.value.status === 'signed-in' ? `signed in as ${state.value.claims?.sub}` : state.value.status
  })

function mount(app: App, page = document.createElement('main')): HTMLElement {
  app.mount(page)
  onTestFinished(() => app.unmount())
  return page
}

test('a component shows the state of the session, and each change of it', async () => {
  const session = open()
  const page = mount(createApp(account()).use(sessionPlugin(session)))
  expect(page.textContent).toBe('loading')
  await session.ready
  await nextTick()
  expect(page.textContent).toBe('signed-out')
  await session.setTokens({ accessToken: adasToken })
  await nextTick()
  expect(page.textContent).toBe('signed in as ada')
  await session.signOut()
  await nextTick()
  expect(page.textContent).toBe('signed-out')
})

test('what was known before is shown at once, without a moment of `loading`', async () => {
  const session = open()
  await session.setTokens({ accessToken: adasToken })
  expect(mount(createApp(account(session))).textContent).toBe('signed in as ada')
})

test('a component that goes away leaves no listener, and asked for no refresh', async () => {
  const counted = countSubscribers(open())
  await counted.session.setTokens({ accessToken: adasToken, refreshToken: 'refresh-1' })
  const isShown = shallowRef(true)
  const child = account(counted.session)
  mount(createApp(() => (isShown.value ? h(child) : 'gone')))
  expect(counted.subscribers).toBe(1)
  isShown.value = false
  await nextTick()
  expect(counted.subscribers).toBe(0)
  expect(renew).not.toHaveBeenCalled()
})

test('a session that is passed takes precedence over the one of the app', async () => {
  const [apps, own] = [open(), open()]
  await Promise.all([apps.ready, own.setTokens({ accessToken: adasToken })])
  const page = mount(createApp(account(own)).use(sessionPlugin(apps)))
  expect(page.textContent).toBe('signed in as ada')
})

test('a scope of its own, as a Pinia store has, follows the session until it is stopped', async () => {
  const counted = countSubscribers(open())
  const scope = effectScope()
  const state = scope.run(() => useSession(counted.session)) as Readonly<ShallowRef<SessionState>>
  await counted.session.setTokens({ accessToken: adasToken })
  expect(state.value).toBe(counted.session.state)
  scope.stop()
  expect(counted.subscribers).toBe(0)
})

test('without the plugin and without an argument, useSession says what to do', () => {
  const app = createApp(account())
  const told: unknown[] = []
  app.config.errorHandler = (error) => told.push(error)
  app.config.warnHandler = () => {}
  app.mount(document.createElement('main'))
  expect(told).toEqual([
    new TypeError('useSession has no session: app.use(sessionPlugin(session)), or pass it one'),
  ])
})

test('a session disposed of under a mounted component leaves the tree standing', async () => {
  const session = open()
  await session.setTokens({ accessToken: adasToken })
  const other = shallowRef(0)
  const child = account(session)
  const page = mount(createApp(() => [h(child, { key: other.value }), ` ${other.value}`]))
  session.dispose()
  other.value++
  await nextTick()
  expect(page.textContent).toBe('signed in as ada 1')
})

test('a token without claims is null in the state, and the tree stands', async () => {
  const session = open()
  await session.setTokens({ accessToken: 'opaque' })
  expect(mount(createApp(account(session))).textContent).toBe('signed in as undefined')
  expect(session.state).toMatchObject({ claims: null })
})

test("the page takes over a server's HTML without a mismatch, and then shows who is signed in", async () => {
  const counted = countSubscribers(open())
  await counted.session.setTokens({ accessToken: adasToken })
  const page = document.createElement('main')
  page.innerHTML = 'loading'
  const app = createSSRApp(account()).use(sessionPlugin(counted.session))
  mount(app, page)
  await nextTick()
  expect(page.textContent).toBe('signed in as ada')
  app.unmount()
  expect(counted.subscribers).toBe(0)
})
