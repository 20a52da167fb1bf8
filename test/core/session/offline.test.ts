// @vitest-environment node
import { describe, expect, test } from 'vitest'
import type { StoredTokens } from '../../../src/core/tokens.js'
import { openTabs } from '../../support/fake-browser.js'
import { misconfigured } from '../../support/fake-endpoint.js'
import { openSignedInTab } from '../../support/fake-tab.js'
import { codeOf, request } from '../../support/held-request.js'
import { settled } from '../../support/settled.js'

const minute = 60_000

describe('without a network', () => {
  test('no attempt is made, and held requests fail at once with a retryable error', async () => {
    const tab = await openSignedInTab()
    await tab.clock.advance(900_000)
    tab.lifecycle.isOnlineNow = false
    const requests = Array.from({ length: 10 }, () => request(tab))
    await settled()
    expect(requests.every(({ outcome }) => outcome === 'REFRESH_FAILED')).toBe(true)
    expect(tab.endpoint.calls).toEqual([])
    expect(tab.session.state.status).toBe('signed-in')
    expect(tab.events).toContainEqual(expect.objectContaining({ type: 'refresh-failed', retryable: true }))
  })

  test('`online` starts one refresh where one had failed', async () => {
    const tab = await openSignedInTab()
    await tab.clock.advance(900_000)
    tab.lifecycle.isOnlineNow = false
    for (let times = 0; times < 5; times++) request(tab)
    await settled()
    tab.lifecycle.isOnlineNow = true
    tab.lifecycle.signal('online')
    await tab.clock.advance(minute)
    expect(tab.endpoint.calls).toHaveLength(1)
    expect(request(tab).outcome).toBe('access-2')
  })

  test('`online` starts none where none had failed', async () => {
    const tab = await openSignedInTab()
    tab.lifecycle.signal('online')
    await tab.clock.advance(minute)
    expect(tab.endpoint.calls).toEqual([])
  })

  test('a failure that changes nothing is no new state for subscribers', async () => {
    const tab = await openSignedInTab()
    tab.lifecycle.isOnlineNow = false
    const before = tab.states.length
    await codeOf(tab.session.refresh())
    expect(tab.states).toHaveLength(before)
  })

  test('a page that wakes does not ask a server in trouble before its backoff is over; one that is online again does', async () => {
    const tab = await openSignedInTab({ random: () => 0.9 })
    tab.endpoint.answers(misconfigured)
    await codeOf(tab.session.refresh())
    tab.lifecycle.signal('wake')
    await settled()
    expect(tab.endpoint.calls).toHaveLength(1)
    tab.lifecycle.signal('online')
    await settled()
    expect(tab.endpoint.calls).toHaveLength(2)
  })

  test('`online` starts none where another tab has refreshed meanwhile', async () => {
    const tab = await openSignedInTab()
    await tab.clock.advance(900_000)
    tab.lifecycle.isOnlineNow = false
    request(tab)
    await settled()
    await tab.store.write({
      ...(tab.source.record as StoredTokens),
      generation: 2,
      accessToken: 'theirs',
      expiresAt: tab.clock.now() + 900_000,
    })
    tab.lifecycle.isOnlineNow = true
    tab.lifecycle.signal('online')
    await tab.clock.advance(minute)
    expect(request(tab).outcome).toBe('theirs')
    expect(tab.endpoint.calls).toEqual([])
  })

  test('of several tabs whose refresh had failed, `online` makes one refresh', async () => {
    const tabs = openTabs(4)
    const [first] = tabs
    await first.session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1', expiresIn: 900 })
    await first.clock.advance(900_000)
    for (const tab of tabs) {
      tab.lifecycle.isOnlineNow = false
      request(tab)
    }
    await settled()
    for (const tab of tabs) {
      tab.lifecycle.isOnlineNow = true
      tab.lifecycle.signal('online')
    }
    await first.clock.advance(minute)
    expect(first.endpoint.calls).toHaveLength(1)
  })

  test('a listener that asks for a refresh after each failure does not keep the page busy', async () => {
    const tab = await openSignedInTab()
    tab.lifecycle.isOnlineNow = false
    let failures = 0
    tab.session.on(({ type }) => {
      if (type !== 'refresh-failed' || ++failures > 200) return
      tab.session.refresh().catch(() => {})
    })
    tab.session.refresh().catch(() => {})
    await settled()
    expect(failures).toBeLessThan(10)
  })
})
