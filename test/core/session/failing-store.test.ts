// @vitest-environment node
import { describe, expect, test, vi } from 'vitest'
import { memoryStore, type TokenStore } from '../../../src/core/token-store.js'
import type { StoredTokens } from '../../../src/core/tokens.js'
import { deferred } from '../../support/deferred.js'
import { createFakeChannels } from '../../support/fake-channels.js'
import { createFakeEndpoint } from '../../support/fake-endpoint.js'
import { createFakeLock } from '../../support/fake-lock.js'
import { openSignedInTab, openTab } from '../../support/fake-tab.js'
import { codeOf, request } from '../../support/held-request.js'
import { settled } from '../../support/settled.js'
import { storedRecord } from '../../support/stored-record.js'
import { typesOf } from '../../support/types-of.js'

describe('a store that fails', () => {
  const hang = () => new Promise<never>(() => {})
  const reject = () => Promise.reject(new DOMException('full', 'QuotaExceededError'))
  const fail = () => {
    throw new Error('mine')
  }

  test.each([
    ['throws', fail],
    ['rejects', reject],
    ['hangs', hang],
  ])('when it %s, the tab works in memory, and an event says so', async (_, failing) => {
    const tab = openTab({ store: { read: failing, write: failing } })
    await tab.clock.advance(5000)
    await tab.session.ready
    expect(tab.session.state).toEqual({ status: 'signed-out', reason: 'none' })
    const set = tab.session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1', expiresIn: 900 })
    expect(request(tab).outcome).toBe('access-1')
    await tab.clock.advance(10_000)
    await set
    const refresh = tab.session.refresh()
    await tab.clock.advance(10_000)
    expect(await refresh).toBe('access-2')
    const out = tab.session.signOut()
    expect(request(tab).outcome).toBeNull()
    await tab.clock.advance(10_000)
    await out
    expect(new Set(typesOf(tab.events))).toContain('store-failed')
    expect(tab.session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
  })

  test('when its `subscribe` or `close` throws, the session works, and nothing is left of it', async () => {
    const tab = openTab({ store: { ...memoryStore(), subscribe: fail, close: fail } })
    const teardown = vi.fn()
    tab.source.signal.addEventListener('abort', teardown)
    await tab.session.setTokens({ accessToken: 'access-1' })
    expect(await tab.session.getAccessToken()).toBe('access-1')
    expect(() => tab.session.dispose()).not.toThrow()
    expect(teardown).toHaveBeenCalledTimes(1)
    expect(tab.lifecycle.listeners + tab.channel.listeners).toBe(0)
  })

  test('when its unsubscribing throws, dispose goes on', () => {
    const tab = openTab({ store: { ...memoryStore(), subscribe: () => fail } })
    const teardown = vi.fn()
    tab.source.signal.addEventListener('abort', teardown)
    expect(() => tab.session.dispose()).not.toThrow()
    expect(teardown).toHaveBeenCalledTimes(1)
  })

  test('the record of a newer version is left alone, and the tab works in memory', async () => {
    const write = vi.fn()
    const tab = openTab({ store: { read: () => ({ version: 2, vault: 'sealed' }) as never, write } })
    await tab.session.ready
    expect(tab.session.state).toEqual({ status: 'signed-out', reason: 'none' })
    await tab.session.setTokens({ accessToken: 'access-1' })
    expect(request(tab).outcome).toBe('access-1')
    expect(write).not.toHaveBeenCalled()
  })

  test('the record of a newer version that a running tab finds does not sign it out, and is left alone', async () => {
    const store = memoryStore()
    const tab = await openSignedInTab({ store })
    await store.write({ ...storedRecord(), version: 2 } as never)
    const newer = await store.read()
    tab.lifecycle.signal('wake')
    await settled()
    expect(tab.session.state.status).toBe('signed-in')
    const refresh = tab.session.refresh()
    await tab.clock.advance(100)
    expect(await refresh).toBe('access-2')
    expect(await store.read()).toBe(newer)
  })

  test('garbage in it is nobody signed in', async () => {
    const write = vi.fn()
    const tab = openTab({ store: { read: () => '<html>' as never, write } })
    await tab.session.ready
    expect(tab.session.state).toEqual({ status: 'signed-out', reason: 'none' })
    expect(write).toHaveBeenCalledExactlyOnceWith(null)
  })
})

describe('a store that is slow', () => {
  test('a first answer after 4 s is no sign-out: the session is loading until it comes', async () => {
    const reading = deferred<StoredTokens | null>()
    const tab = openTab({ store: { ...memoryStore(), read: () => reading.promise } })
    const held = request(tab)
    await tab.clock.advance(4000)
    expect(tab.session.state.status).toBe('loading')
    reading.resolve(storedRecord())
    await settled()
    expect(held.outcome).toBe('access-1')
    expect(typesOf(tab.events)).not.toContain('store-failed')
  })

  test('a first answer after 5 s still counts: the user is signed in then', async () => {
    const reading = deferred<StoredTokens | null>()
    const tab = openTab({ store: { ...memoryStore(), read: () => reading.promise } })
    await tab.clock.advance(5000)
    expect(tab.session.state).toEqual({ status: 'signed-out', reason: 'none' })
    reading.resolve(storedRecord())
    await settled()
    expect(tab.session.state.status).toBe('signed-in')
    expect(request(tab).outcome).toBe('access-1')
  })

  test('a late first answer does not undo a sign-in that came before it', async () => {
    const reading = deferred<StoredTokens | null>()
    const tab = openTab({ store: { ...memoryStore(), read: () => reading.promise } })
    await tab.clock.advance(5000)
    void tab.session.setTokens({ accessToken: 'access-9' })
    reading.resolve(storedRecord())
    await settled()
    expect(request(tab).outcome).toBe('access-9')
  })

  test('a store that let a limit pass is given up until it answers: refreshes wait for it once, not three times each', async () => {
    const store = memoryStore()
    let isHanging = false
    const waiting: (() => void)[] = []
    const held = async <T>(act: () => T): Promise<T> => {
      if (isHanging) await new Promise<void>((resolve) => waiting.push(resolve))
      return act()
    }
    const tab = await openSignedInTab({
      store: {
        read: () => held(() => store.read()),
        write: (tokens) => held(() => store.write(tokens)),
      } as TokenStore,
    })
    isHanging = true
    const first = tab.session.refresh()
    await tab.clock.advance(2100)
    expect(await first).toBe('access-2')
    const second = tab.session.refresh()
    await tab.clock.advance(100)
    expect(await second).toBe('access-3')
    expect(tab.events.filter(({ type }) => type === 'store-failed')).toHaveLength(1)
    isHanging = false
    for (const release of waiting) release()
    await settled()
    await settled()
    expect(await store.read()).toMatchObject({ generation: 3, accessToken: 'access-3' })
    expect(await tab.session.refresh()).toBe('access-4')
    expect(await store.read()).toMatchObject({ generation: 4 })
  })
})

describe('where a new record can be neither written nor the old one removed', () => {
  const full = () => Promise.reject(new DOMException('full', 'QuotaExceededError'))

  async function openTwoTabs() {
    const channels = createFakeChannels()
    const shared = { endpoint: createFakeEndpoint(), lock: createFakeLock() }
    const store = memoryStore()
    let isFull = false
    const fragile: TokenStore = {
      read: () => store.read(),
      write: (tokens) => (isFull ? full() : store.write(tokens)),
    }
    const tab = await openSignedInTab({ ...shared, store: fragile, channel: channels() })
    const other = openTab({ ...shared, store: fragile, channel: channels(), clock: tab.clock })
    await other.session.ready
    return {
      tab,
      other,
      store,
      fill(is: boolean) {
        isFull = is
      },
      endpoint: shared.endpoint,
    }
  }

  test('other tabs are told that the refresh token is spent, and none sends it', async () => {
    const { tab, other, fill, endpoint } = await openTwoTabs()
    fill(true)
    const refresh = tab.session.refresh()
    await tab.clock.advance(100)
    expect(await refresh).toBe('access-2')
    expect(await codeOf(other.session.refresh())).toBe('REFRESH_FAILED')
    expect(other.session.state.status).toBe('signed-in')
    expect(endpoint.calls.map(({ refreshToken }) => refreshToken)).toEqual(['refresh-1'])
    expect(JSON.stringify(tab.channel.posted)).not.toMatch(/access-|refresh-/)
  })

  test('they go on as soon as a record is stored again', async () => {
    const { tab, other, fill, endpoint } = await openTwoTabs()
    fill(true)
    const refresh = tab.session.refresh()
    await tab.clock.advance(100)
    await refresh
    fill(false)
    await tab.session.refresh()
    await settled()
    expect(await other.session.getAccessToken()).toBe('access-3')
    expect(await other.session.refresh()).toBe('access-4')
    expect(endpoint.calls.map(({ refreshToken }) => refreshToken)).toEqual([
      'refresh-1',
      'refresh-2',
      'refresh-3',
    ])
  })
})
