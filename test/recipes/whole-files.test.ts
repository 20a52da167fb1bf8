import type { AxiosInstance } from 'axios'
import { IDBFactory } from 'fake-indexeddb'
import { HttpResponse } from 'msw'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Session } from '../../src/index.js'
import { authorizationOf, refreshUrl, useBackend } from '../support/backend.js'
import { unsignedJwt } from '../support/unsigned-jwt.js'

// Each file is the app before and after: what the guide says stays as it is, who is signed in included.

const backend = useBackend()
const credentials = { user: 'ada', password: 'swordfish' }
const access = (nth: number) => unsignedJwt({ sub: 'ada', jti: `${nth}` })
/** Counts what the server has issued: `refresh-1` belongs to the first access token. */
let issued = 0
/** How often the page was signed in and out at the server. */
let told: string[] = []

beforeEach(() => {
  vi.resetModules()
  vi.stubGlobal('indexedDB', new IDBFactory())
  localStorage.clear()
  sessionStorage.clear()
  issued = 0
  told = []
  const next = (hasCookie: boolean) => {
    issued++
    return HttpResponse.json({
      accessToken: access(issued),
      ...(!hasCookie && { refreshToken: `refresh-${issued}` }),
    })
  }
  backend.answer = (call) => {
    const { pathname } = call.url
    if (pathname.startsWith('/auth/')) told.push(pathname)
    if (pathname === '/auth/sign-in') return next(speaksCookies)
    if (pathname === '/auth/sign-out') return new Response(null, { status: 204 })
    return authorizationOf(call) === `Bearer ${access(issued)}` && !isRefused
      ? HttpResponse.json({ path: pathname })
      : new Response(null, { status: 401 })
  }
  backend.renew = ({ text, headers }) => {
    isRefused = false
    if (speaksCookies)
      return headers.has('x-requested-with') ? next(true) : new Response(null, { status: 403 })
    return JSON.parse(text).refreshToken === `refresh-${issued}`
      ? next(false)
      : new Response(null, { status: 401 })
  }
  speaksCookies = false
  isRefused = false
})

let speaksCookies = false
let isRefused = false
/** Until the next refresh, the API refuses every token. */
const expire = () => {
  isRefused = true
}

/** Four calls at an expiry: how many refreshes they cost. */
async function refreshesFor(api: AxiosInstance): Promise<number> {
  const before = backend.refreshes.length
  expire()
  const replies = await Promise.all([1, 2, 3, 4].map((nth) => api.get(`/orders/${nth}`)))
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  return backend.refreshes.length - before
}

/** The next version of the app, in the same browser. */
function deployed<App extends { session: Session }>(app: App): App {
  onTestFinished(async () => {
    // Some of them are closed by their test.
    await app.session.signOut().catch(() => {})
    app.session.dispose()
  })
  return app
}

describe('redux-persist', () => {
  const oldApp = () => import('./code/redux-persist-before.js')
  const newApp = async () => deployed(await import('./code/redux-persist-after.js'))

  test('the file before and the file after sign in, refresh once for four calls, and sign out', async () => {
    const old = await oldApp()
    await old.signIn(credentials)
    expect(await refreshesFor(old.api)).toBe(1)
    expect(old.selectIsSignedIn(old.store.getState())).toBe(true)
    old.signOut()
    expect(old.selectIsSignedIn(old.store.getState())).toBe(false)
    await old.persistor.flush()

    const app = await newApp()
    await app.start()
    expect(app.selectIsSignedIn(app.store.getState())).toBe(false)
    await app.signIn(credentials)
    expect(await refreshesFor(app.api)).toBe(1)
    expect(app.store.getState().auth).toEqual({ status: 'signed-in', userId: 'ada' })
    await app.signOut()
    expect(app.selectIsSignedIn(app.store.getState())).toBe(false)
  })

  test('a user of the file before is signed in after it, with a cart, and no token stays in localStorage', async () => {
    const old = await oldApp()
    await old.signIn(credentials)
    old.store.dispatch({ type: 'cart/added', payload: 'book' })
    await old.persistor.flush()
    old.persistor.pause()
    expect(localStorage.getItem('persist:root')).toContain('refresh-1')

    const app = await newApp()
    const persistor = await app.start()
    await vi.waitFor(() => expect(app.store.getState()._persist.rehydrated).toBe(true))
    expect(app.store.getState()).toMatchObject({
      auth: { status: 'signed-in', userId: 'ada' },
      cart: ['book'],
    })
    expect(await refreshesFor(app.api)).toBe(1)
    app.store.dispatch({ type: 'cart/added', payload: 'pen' })
    await persistor.flush()
    expect(localStorage.getItem('persist:root')).not.toContain('refresh')
    expect(localStorage.getItem('persist:root')).not.toContain('auth')
  })
})

describe('Pinia', () => {
  const oldApp = () => import('./code/pinia-before.js')
  const newApp = async () => deployed(await import('./code/pinia-after.js'))
  beforeEach(() => setActivePinia(createPinia()))

  test('the file before and the file after sign in, refresh once for four calls, and sign out', async () => {
    const old = await oldApp()
    await old.useUserStore().signIn(credentials)
    expect(await refreshesFor(old.api)).toBe(1)
    expect([old.useUserStore().isSignedIn, old.useUserStore().userId]).toEqual([true, 'ada'])
    old.useUserStore().signOut()
    expect(old.useUserStore().isSignedIn).toBe(false)

    setActivePinia(createPinia())
    const app = await newApp()
    await app.start()
    const user = app.useUserStore()
    expect(user.isSignedIn).toBe(false)
    await user.signIn(credentials)
    expect(await refreshesFor(app.api)).toBe(1)
    expect([user.isSignedIn, user.userId]).toEqual([true, 'ada'])
    await user.signOut()
    expect(user.isSignedIn).toBe(false)
  })

  test('a user of the file before is signed in after it, and no token stays in localStorage', async () => {
    await (await oldApp()).useUserStore().signIn(credentials)
    expect(localStorage.getItem('refresh')).toBe('refresh-1')

    setActivePinia(createPinia())
    const app = await newApp()
    await app.start()
    expect(app.useUserStore().userId).toBe('ada')
    expect(await refreshesFor(app.api)).toBe(1)
    expect(localStorage.getItem('token')).toBeNull()
    expect(localStorage.getItem('refresh')).toBeNull()
  })
})

describe('Remember me', () => {
  const oldApp = () => import('./code/remember-me-before.js')
  const newApp = async () => deployed(await import('./code/remember-me-after.js'))
  /** What the browser forgets when it is closed. */
  function closeBrowser(): void {
    sessionStorage.clear()
    for (const pair of document.cookie.split('; ')) {
      // biome-ignore lint/suspicious/noDocumentCookie: jsdom has no Cookie Store API.
      document.cookie = `${pair.split('=')[0]}=; Max-Age=0; path=/`
    }
    vi.resetModules()
  }
  beforeEach(() => {
    speaksCookies = true
    closeBrowser()
  })

  test.each([true, false])('both files keep the user as long as was asked for: %s', async (remember) => {
    const old = await oldApp()
    await old.signIn(credentials, remember)
    expect(await refreshesFor(old.api)).toBe(1)
    closeBrowser()
    expect((await oldApp()).isSignedIn()).toBe(remember)
    await old.signOut()

    const app = await newApp()
    await app.start()
    expect(app.isSignedIn()).toBe(false)
    await app.signIn(credentials, remember)
    expect(await refreshesFor(app.api)).toBe(1)
    app.session.dispose()
    vi.resetModules()
    const reloaded = await newApp()
    await reloaded.start()
    expect(reloaded.isSignedIn()).toBe(true)
    reloaded.session.dispose()
    closeBrowser()
    const reopened = await newApp()
    await reopened.start()
    expect(reopened.isSignedIn()).toBe(remember)
  })

  test.each([true, false])(
    'a user of the file before stays signed in after it, and as long as was asked for: %s',
    async (remember) => {
      await (await oldApp()).signIn(credentials, remember)
      const app = await newApp()
      await app.start()
      expect(app.isSignedIn()).toBe(true)
      expect(await refreshesFor(app.api)).toBe(1)
      expect(localStorage.getItem('token') ?? sessionStorage.getItem('token')).toBeNull()
      app.session.dispose()
      closeBrowser()
      const reopened = await newApp()
      await reopened.start()
      expect(reopened.isSignedIn()).toBe(remember)
    },
  )

  test('a cookie that has outlived the browser signs nobody in who did not want to be remembered', async () => {
    await (await oldApp()).signIn(credentials, false)
    closeBrowser()
    const app = await newApp()
    await app.start()
    expect(app.isSignedIn()).toBe(false)
    expect(backend.refreshes).toEqual([])
  })

  test('the sign-out of the file after reaches the server', async () => {
    const app = await newApp()
    await app.start()
    await app.signIn(credentials, true)
    await app.signOut()
    await vi.waitFor(() => expect(told).toEqual(['/auth/sign-in', '/auth/sign-out']))
    expect(app.isSignedIn()).toBe(false)
  })
})

test('the addresses of the files are those that the backend of these tests has', () => {
  expect(new URL('/auth/refresh', location.href).href).toBe(refreshUrl)
})
