// @vitest-environment node
import { describe, expect, test, vi } from 'vitest'
import { memoryStore } from '../../../src/core/token-store.js'
import { openTab } from '../../support/fake-tab.js'
import { request } from '../../support/held-request.js'
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
    await tab.clock.advance(2000)
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

  test('garbage in it is nobody signed in', async () => {
    const write = vi.fn()
    const tab = openTab({ store: { read: () => '<html>' as never, write } })
    await tab.session.ready
    expect(tab.session.state).toEqual({ status: 'signed-out', reason: 'none' })
    expect(write).toHaveBeenCalledExactlyOnceWith(null)
  })
})
