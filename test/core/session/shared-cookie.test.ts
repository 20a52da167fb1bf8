// @vitest-environment node
import { describe, expect, test, vi } from 'vitest'
import { memoryStore } from '../../../src/core/token-store.js'
import { createFakeChannels } from '../../support/fake-channels.js'
import { createFakeEndpoint, ended, never, refreshed } from '../../support/fake-endpoint.js'
import { createFakeLock } from '../../support/fake-lock.js'
import { type FakeTab, openTab } from '../../support/fake-tab.js'
import { codeOf, request } from '../../support/held-request.js'
import { settled } from '../../support/settled.js'
import { typesOf } from '../../support/types-of.js'

/** Two tabs that share a refresh cookie and no store, as `cookie()` with `memoryStore()` has it. Alice is signed in in both. */
async function openTabsOfAlice(): Promise<[FakeTab, FakeTab]> {
  const channels = createFakeChannels()
  const shared = {
    endpoint: createFakeEndpoint(),
    lock: createFakeLock(),
    silentStart: true,
    canRefresh: () => true,
  }
  shared.endpoint.answers(ended, refreshed('alice', undefined, 900))
  const tab = openTab({ ...shared, channel: channels() })
  await settled()
  await tab.session.setTokens({ accessToken: 'alice', expiresIn: 900 })
  const other = openTab({ ...shared, channel: channels() })
  await settled()
  shared.endpoint.calls.length = 0
  return [tab, other]
}

describe('tabs that share a refresh cookie and no store', () => {
  test('another sign-in in one lets go what the other holds for the user before, whose token names nobody', async () => {
    const [tab, other] = await openTabsOfAlice()
    tab.endpoint.always(never)
    await tab.clock.advance(900_000)
    const held = request(tab)
    await settled()
    expect(held.outcome).toBeUndefined()
    tab.endpoint.always(refreshed('bob', undefined, 900))
    void other.session.setTokens({ accessToken: 'bob', expiresIn: 900 })
    await settled()
    expect(held.outcome).toBe('SESSION_CHANGED')
    expect(request(tab).outcome).toBe('bob')
    expect(typesOf(tab.events)).not.toContain('refresh-succeeded')
  })

  test('a sign-out in one is a sign-out in the other, which does not ask the cookie', async () => {
    const [tab, other] = await openTabsOfAlice()
    await other.session.signOut()
    await settled()
    expect(tab.session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
    expect(request(tab).outcome).toBeNull()
    expect(tab.endpoint.calls).toEqual([])
    tab.lifecycle.signal('wake')
    await settled()
    expect(request(tab).outcome).toBeNull()
  })
})

describe('tabs with a refresh token each', () => {
  test('a sign-in and a sign-out in one say nothing of the other', async () => {
    const channels = createFakeChannels()
    const [tab, other] = [openTab({ channel: channels() }), openTab({ channel: channels() })]
    await tab.session.setTokens({ accessToken: 'alice', refreshToken: 'refresh-1' })
    await other.session.setTokens({ accessToken: 'bob', refreshToken: 'refresh-2' })
    await other.session.signOut()
    await settled()
    expect(request(tab).outcome).toBe('alice')
  })
})

describe('a sign-out that the server did not hear', () => {
  function openRemembering(isAllowed: boolean) {
    const signOut = vi.fn(() => Promise.reject(new Error('offline')))
    const allow = vi.fn()
    const tab = openTab({ silentStart: { isAllowed: () => isAllowed, allow }, signOut, store: memoryStore() })
    return { tab, signOut, allow }
  }

  test('is not undone by the next load: the cookie is not asked, and the server is told again', async () => {
    const { tab, signOut } = openRemembering(false)
    await settled()
    expect(tab.session.state).toEqual({ status: 'signed-out', reason: 'none' })
    expect(tab.endpoint.calls).toEqual([])
    expect(signOut).toHaveBeenCalledTimes(1)
    expect(await codeOf(tab.session.refresh())).toBe('SESSION_EXPIRED')
  })

  test('is remembered until the next sign-in', async () => {
    const { tab, allow } = openRemembering(true)
    await settled()
    await tab.session.signOut()
    expect(allow.mock.calls).toEqual([[false]])
    await tab.session.setTokens({ accessToken: 'access-1' })
    expect(allow.mock.calls).toEqual([[false], [true]])
  })
})
