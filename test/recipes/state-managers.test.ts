import { createPinia, setActivePinia } from 'pinia'
import { combineReducers, legacy_createStore as createStore } from 'redux'
import { describe, expect, onTestFinished, test } from 'vitest'
import { useBackend } from '../support/backend.js'
import { openSession } from '../support/guarded-api.js'
import { unsignedJwt } from '../support/unsigned-jwt.js'
import { createAuthStore } from './code/pinia.js'
import { authReducer, followSession, selectIsSignedIn, selectUserId } from './code/redux.js'
import { createSessionStore } from './code/zustand.js'

const backend = useBackend()
const ada = () => ({ accessToken: unsignedJwt({ sub: 'ada' }), refreshToken: 'refresh-1' })

describe('redux', () => {
  function open() {
    const session = openSession()
    const store = createStore(combineReducers({ auth: authReducer }))
    const seen: unknown[] = []
    store.subscribe(() => seen.push(store.getState().auth))
    onTestFinished(followSession(session, store.dispatch))
    return { session, store, seen }
  }

  test('knows who is signed in, and that nobody is any more', async () => {
    const { session, store } = open()
    await session.setTokens(ada())
    expect(selectIsSignedIn(store.getState())).toBe(true)
    expect(selectUserId(store.getState())).toBe('ada')
    await session.signOut()
    expect(selectIsSignedIn(store.getState())).toBe(false)
    expect(selectUserId(store.getState())).toBeNull()
  })

  test('is told nothing of a refresh, and no token at any time', async () => {
    const { session, seen } = open()
    await session.setTokens(ada())
    const before = seen.length
    backend.renew = () => Response.json({ accessToken: unsignedJwt({ sub: 'ada', jti: '2' }) })
    const token = await session.refresh()
    expect(seen).toHaveLength(before)
    expect(JSON.stringify(seen)).not.toContain(token.split('.')[1])
    expect(JSON.stringify(seen)).not.toContain('refresh-1')
  })
})

test('zustand follows the session, and lets components select', async () => {
  const session = openSession()
  const store = createSessionStore(session)
  const seen: boolean[] = []
  store.subscribe(({ status }) => seen.push(status === 'signed-in'))
  await session.setTokens(ada())
  expect(store.getState()).toBe(session.state)
  await session.signOut()
  expect(store.getState()).toEqual({ status: 'signed-out', reason: 'signed-out' })
  expect(seen.at(0)).toBe(true)
  expect(seen.at(-1)).toBe(false)
})

test('a Pinia store follows the session until it is disposed of', async () => {
  setActivePinia(createPinia())
  const session = openSession()
  const store = createAuthStore(session)()
  expect(store.isSignedIn).toBe(false)
  await session.setTokens(ada())
  expect([store.isSignedIn, store.userId]).toEqual([true, 'ada'])
  await store.signOut()
  expect([store.isSignedIn, store.userId]).toEqual([false, undefined])
  store.$dispose()
  await session.setTokens(ada())
  expect(store.isSignedIn).toBe(false)
})
