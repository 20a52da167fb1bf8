// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { openTabs } from '../../support/fake-browser.js'
import { createFakeChannels } from '../../support/fake-channels.js'
import { lost, unavailable } from '../../support/fake-endpoint.js'
import { openSignedInTab } from '../../support/fake-tab.js'
import { codeOf, request } from '../../support/held-request.js'
import { settled } from '../../support/settled.js'

const minute = 60_000

describe('an auth server in trouble', () => {
  test('gets one probe at a time, not one per request', async () => {
    const tab = await openSignedInTab({ refreshTimeoutMs: 1000 })
    await tab.clock.advance(900_000)
    let underWay = 0
    let most = 0
    tab.endpoint.always(async () => {
      most = Math.max(most, ++underWay)
      await new Promise<void>((resolve) => tab.clock.after(50, resolve))
      underWay--
      return lost
    })
    for (let times = 0; times < 600; times++) {
      request(tab)
      await tab.clock.advance(100)
    }
    expect(most).toBe(1)
    expect(tab.endpoint.calls.length).toBeLessThanOrEqual(30)
    expect(tab.session.state.status).toBe('signed-in')
  })

  test('asks for quiet in every tab', async () => {
    const tabs = openTabs(2)
    const [first, second] = tabs
    await first.session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1', expiresIn: 900 })
    await settled()
    first.endpoint.answers(unavailable(120_000))
    await codeOf(first.session.refresh())
    await settled()
    expect(await codeOf(second.session.refresh())).toBe('REFRESH_FAILED')
    expect(first.endpoint.calls).toHaveLength(1)
    await first.clock.advance(240_000)
    expect(await second.session.refresh()).toBe('access-2')
  })

  test('whose word "quiet until doomsday" is forged keeps nobody for more than ten minutes', async () => {
    const channels = createFakeChannels()
    const stranger = channels()
    const tab = await openSignedInTab({ channel: channels() })
    stranger.post({ type: 'quiet', until: Number.MAX_VALUE })
    await settled()
    expect(await codeOf(tab.session.refresh())).toBe('REFRESH_FAILED')
    await tab.clock.advance(10 * minute)
    expect(await tab.session.refresh()).toBe('access-2')
  })
})

describe('after a long outage', () => {
  /** A tab whose backoff has grown to five minutes. */
  async function openAfterOutage(isVisible: boolean) {
    const tab = await openSignedInTab({ random: () => 0.5 })
    tab.lifecycle.isVisibleNow = false
    tab.endpoint.always(unavailable())
    for (let failures = 0; failures < 12; failures++) {
      await tab.clock.advance(300_000)
      const failed = codeOf(tab.session.refresh())
      await tab.clock.advance(5000)
      expect(await failed).toBe('REFRESH_FAILED')
    }
    tab.endpoint.always(undefined)
    tab.endpoint.calls.length = 0
    tab.lifecycle.isVisibleNow = isVisible
    return tab
  }

  test('a request in a visible tab brings its user back within 10 s', async () => {
    const tab = await openAfterOutage(true)
    const refresh = tab.session.refresh()
    await tab.clock.advance(10_000)
    expect(await refresh).toBe('access-2')
  })

  test('it stays so for a flight whose tab is hidden meanwhile', async () => {
    const tab = await openAfterOutage(true)
    const refresh = tab.session.refresh()
    await tab.clock.advance(1000)
    tab.lifecycle.isVisibleNow = false
    await tab.clock.advance(9000)
    expect(await refresh).toBe('access-2')
  })

  test('a tab that nobody looks at keeps to its instant, which spreads the load', async () => {
    const tab = await openAfterOutage(false)
    expect(await codeOf(tab.session.refresh())).toBe('REFRESH_FAILED')
    await tab.clock.advance(60_000)
    expect(tab.endpoint.calls).toEqual([])
  })
})
