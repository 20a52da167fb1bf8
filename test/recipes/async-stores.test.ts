// @vitest-environment node
import { expect, onTestFinished, test, vi } from 'vitest'
import { createSession, type Session, type TokenStore } from '../../src/index.js'
import { nextEvent } from '../support/next-event.js'
import { asyncStorageStore } from './code/async-storage.js'
import { extensionStore } from './code/extension-storage.js'

/** AsyncStorage of React Native: strings, and an answer some turns later. */
function fakeAsyncStorage() {
  const items = new Map<string, string>()
  const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  return {
    items,
    async getItem(key: string) {
      await later()
      return items.get(key) ?? null
    },
    async setItem(key: string, value: string) {
      await later()
      items.set(key, value)
    },
    async removeItem(key: string) {
      await later()
      items.delete(key)
    },
  }
}

type Listener = (changes: Record<string, { oldValue?: unknown; newValue?: unknown }>) => void

/** `chrome.storage.local`: structured values, and all parts of the extension hear of a change. */
function fakeExtensionStorage() {
  const items = new Map<string, unknown>()
  const listeners = new Set<Listener>()
  const tell = (key: string, oldValue: unknown, newValue: unknown): void => {
    for (const listener of listeners) setImmediate(listener, { [key]: { oldValue, newValue } })
  }
  return {
    items,
    listeners,
    get: async (key: string) => structuredClone(items.has(key) ? { [key]: items.get(key) } : {}),
    async set(changes: Record<string, unknown>) {
      for (const [key, value] of Object.entries(changes)) {
        tell(key, items.get(key), value)
        items.set(key, structuredClone(value))
      }
    },
    async remove(key: string) {
      tell(key, items.get(key), undefined)
      items.delete(key)
    },
    onChanged: {
      addListener: (listener: Listener) => void listeners.add(listener),
      removeListener: (listener: Listener) => void listeners.delete(listener),
    },
  }
}

function open(store: TokenStore): Session {
  const refresh = vi.fn(async () => ({ accessToken: 'access-2', refreshToken: 'refresh-2' }))
  const session = createSession({ refresh, store })
  onTestFinished(session.dispose)
  return session
}

const tokens = { accessToken: 'access-1', refreshToken: 'refresh-1' }

const kinds: [name: string, make: () => { store: () => TokenStore; items: Map<string, unknown> }][] = [
  [
    'AsyncStorage',
    () => {
      const storage = fakeAsyncStorage()
      return { store: () => asyncStorageStore(storage), items: storage.items }
    },
  ],
  [
    'chrome.storage',
    () => {
      const storage = fakeExtensionStorage()
      return { store: () => extensionStore(storage), items: storage.items }
    },
  ],
]

test.each(kinds)('%s keeps the user signed in over a restart', async (_, make) => {
  const { store } = make()
  const first = open(store())
  await first.setTokens(tokens)
  await first.refresh()
  first.dispose()
  const second = open(store())
  expect(second.state.status).toBe('loading')
  await second.ready
  expect(second.state.status).toBe('signed-in')
  expect(await second.getAccessToken()).toBe('access-2')
})

test.each(kinds)('%s holds nothing after the sign-out', async (_, make) => {
  const { store, items } = make()
  const session = open(store())
  await session.setTokens(tokens)
  expect(items.size).toBe(1)
  await session.signOut()
  expect(items.size).toBe(0)
})

test.each(kinds)('what %s holds beside our record, or broken, signs nobody in', async (_, make) => {
  const { store, items } = make()
  items.set('latchkey', '{"version":1}')
  const session = open(store())
  await session.ready
  expect(session.state).toEqual({ status: 'signed-out', reason: 'none' })
})

test('the popup of an extension follows the sign-in and sign-out of its worker', async () => {
  const storage = fakeExtensionStorage()
  const worker = open(extensionStore(storage))
  const popup = open(extensionStore(storage))
  await Promise.all([worker.ready, popup.ready])
  const heard = nextEvent(popup, 'signed-in')
  await worker.setTokens(tokens)
  await heard
  expect(await popup.getAccessToken()).toBe('access-1')
  const left = nextEvent(popup, 'signed-out')
  await worker.signOut()
  await left
  expect(popup.state.status).toBe('signed-out')
  expect(storage.items.size).toBe(0)
})

test('dispose takes the listener off the storage', async () => {
  const storage = fakeExtensionStorage()
  const session = open(extensionStore(storage))
  await session.ready
  expect(storage.listeners.size).toBe(1)
  session.dispose()
  expect(storage.listeners.size).toBe(0)
})
