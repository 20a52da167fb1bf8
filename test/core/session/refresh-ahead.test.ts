// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { deferred } from '../../support/deferred.js'
import { createFakeChannels } from '../../support/fake-channels.js'
import { never, unavailable } from '../../support/fake-endpoint.js'
import { openSignedInTab } from '../../support/fake-tab.js'
import { request } from '../../support/held-request.js'
import { settled } from '../../support/settled.js'
import { typesOf } from '../../support/types-of.js'

const minute = 60_000

describe('inside the refresh-ahead window', () => {
  test('requests leave at once with the current token while one refresh runs in the background', async () => {
    const tab = await openSignedInTab()
    const answer = deferred<never>()
    tab.endpoint.answers(answer.promise)
    await tab.clock.advance(900_000 - 30_000)
    const requests = Array.from({ length: 20 }, () => request(tab))
    expect(requests.every(({ outcome }) => outcome === 'access-1')).toBe(true)
    await settled()
    expect(tab.endpoint.calls).toHaveLength(1)
    expect(request(tab).outcome).toBe('access-1')
  })

  test('requests that leave at once set no timers of their own', async () => {
    const tab = await openSignedInTab()
    tab.endpoint.always(never)
    await tab.clock.advance(900_000 - 30_000)
    request(tab)
    const armed = tab.clock.armed.length
    for (let times = 0; times < 20; times++) request(tab)
    expect(tab.clock.armed).toHaveLength(armed)
  })

  test('without a network nothing is tried, and nothing is emitted', async () => {
    const tab = await openSignedInTab()
    await tab.clock.advance(900_000 - 30_000)
    tab.lifecycle.isOnlineNow = false
    expect(request(tab).outcome).toBe('access-1')
    await settled()
    expect(typesOf(tab.events)).toEqual(['signed-in'])
  })

  test('in a quiet that the server asked for nothing is begun', async () => {
    const channels = createFakeChannels()
    const other = channels()
    const tab = await openSignedInTab({ channel: channels() })
    await tab.clock.advance(900_000 - 30_000)
    other.post({ type: 'quiet', until: tab.clock.now() + 5000 })
    await settled()
    expect(request(tab).outcome).toBe('access-1')
    expect(tab.source.isRefreshing).toBe(false)
    await tab.clock.advance(5000)
    request(tab)
    expect(tab.source.isRefreshing).toBe(true)
  })

  test('a token for longer than the new one lives is the new one: it is asked for once', async () => {
    const tab = await openSignedInTab()
    tab.endpoint.expiresIn = 60
    await tab.clock.advance(900_000)
    expect(await tab.session.getAccessToken({ minValidityMs: 5 * minute })).toBe('access-2')
    expect(tab.endpoint.calls).toHaveLength(1)
  })

  test('the next request has the new token', async () => {
    const tab = await openSignedInTab()
    await tab.clock.advance(900_000 - 30_000)
    request(tab)
    await settled()
    expect(request(tab).outcome).toBe('access-2')
    expect(tab.endpoint.calls).toHaveLength(1)
  })

  test('before it nothing is refreshed', async () => {
    const tab = await openSignedInTab()
    await tab.clock.advance(900_000 - 30_001)
    expect(request(tab).outcome).toBe('access-1')
    await settled()
    expect(tab.endpoint.calls).toEqual([])
  })

  test('a server that refuses a refresh before the expiry is not asked before it', async () => {
    const tab = await openSignedInTab({ timing: 'after-expiry', refreshAheadMs: 10 * minute })
    await tab.clock.advance(900_000 - 1)
    expect(request(tab).outcome).toBe('access-1')
    expect(await tab.session.getAccessToken({ minValidityMs: 5 * minute })).toBe('access-1')
    expect(tab.endpoint.calls).toEqual([])
    await tab.clock.advance(1)
    expect(request(tab).outcome).toBeUndefined()
    await settled()
    expect(tab.endpoint.calls).toHaveLength(1)
  })

  test('while the auth server is down requests still leave at once, and it gets one probe at a time', async () => {
    const tab = await openSignedInTab({ random: () => 0.9 })
    tab.endpoint.always(unavailable())
    await tab.clock.advance(900_000 - 30_000)
    let isHeld = false
    for (let times = 0; times < 290; times++) {
      isHeld ||= request(tab).outcome !== 'access-1'
      await tab.clock.advance(100)
    }
    expect(isHeld).toBe(false)
    // Flights of three attempts, with backoffs of 0.9, 1.8, 3.6 … s between them.
    expect(tab.endpoint.calls.length).toBeLessThanOrEqual(15)
    expect(tab.session.state).toMatchObject({ status: 'signed-in' })
  })

  test('a token of 4 s is used for its life', async () => {
    const tab = await openSignedInTab({}, 4)
    tab.endpoint.expiresIn = 4
    await tab.clock.advance(3599)
    expect(request(tab).outcome).toBe('access-1')
    await settled()
    expect(tab.endpoint.calls).toEqual([])
    await tab.clock.advance(1)
    expect(request(tab).outcome).toBe('access-1')
    await settled()
    expect(tab.endpoint.calls).toHaveLength(1)
    expect(request(tab).outcome).toBe('access-2')
  })

  test('a busy minute on tokens of 4 s takes one refresh per token', async () => {
    const tab = await openSignedInTab({}, 4)
    tab.endpoint.expiresIn = 4
    for (let times = 0; times < 600; times++) {
      expect(request(tab).outcome).toMatch(/^access-/)
      await tab.clock.advance(100)
    }
    expect(tab.endpoint.calls.length).toBeLessThanOrEqual(17)
    expect(tab.endpoint.calls.length).toBeGreaterThanOrEqual(14)
  })
})
