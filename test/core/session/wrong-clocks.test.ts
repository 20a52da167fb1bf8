// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { memoryStore } from '../../../src/core/token-store.js'
import type { StoredTokens } from '../../../src/core/tokens.js'
import { keepFresh } from '../../../src/http/keep-fresh.js'
import { unavailable } from '../../support/fake-endpoint.js'
import { openSignedInTab, openTab } from '../../support/fake-tab.js'
import { codeOf, request } from '../../support/held-request.js'
import { createManualClock } from '../../support/manual-clock.js'
import { settled } from '../../support/settled.js'
import { unsignedJwt } from '../../support/unsigned-jwt.js'

const minute = 60_000
const day = 86_400_000

test('the HTTP clients wait by the clock of the session', async () => {
  const tab = openTab()
  expect(tab.source.clock.now()).toBe(tab.clock.now())
  let isOver = false
  tab.source.clock.after(1000, () => {
    isOver = true
  })
  const cancel = tab.source.clock.after(500, () => expect.unreachable())
  cancel()
  await tab.clock.advance(999)
  expect(isOver).toBe(false)
  await tab.clock.advance(1)
  expect(isOver).toBe(true)
})

describe('clocks', () => {
  test.each([-20, 20])('that are %d minutes off cause no refresh of a good token', async (minutes) => {
    const tab = openTab()
    const issuedAt = tab.clock.now() / 1000 + minutes * 60
    await tab.session.setTokens({
      accessToken: unsignedJwt({ iat: issuedAt, exp: issuedAt + 900 }),
      refreshToken: 'refresh-1',
    })
    expect(tab.session.state).toMatchObject({ expiresAt: tab.clock.now() + 15 * minute })
    await tab.clock.advance(14 * minute)
    request(tab)
    await settled()
    expect(tab.endpoint.calls).toEqual([])
  })

  test('a bare exp and a clock 20 minutes ahead leave it to the server: no refresh, no loop', async () => {
    const tab = openTab()
    const exp = tab.clock.now() / 1000 - 20 * 60 + 900
    await tab.session.setTokens({ accessToken: unsignedJwt({ exp }), refreshToken: 'refresh-1' })
    for (let times = 0; times < 20; times++) request(tab)
    await tab.clock.advance(10 * minute)
    expect(tab.endpoint.calls).toEqual([])
  })

  test.each([
    ['refreshed on demand', false],
    ['kept fresh', true],
  ])(
    'a jump of a day ahead, in a session that is %s, causes one extra refresh and no loop',
    async (_, isKeptFresh) => {
      const tab = await openSignedInTab()
      if (isKeptFresh) keepFresh(tab.session)
      tab.clock.jump(day)
      tab.lifecycle.signal('wake')
      for (let times = 0; times < 50; times++) {
        request(tab)
        await tab.clock.advance(1000)
      }
      expect(tab.endpoint.calls).toHaveLength(1)
    },
  )

  test.each([
    ['refreshed on demand', false],
    ['kept fresh', true],
  ])(
    'a jump of a day back, in a session that is %s, causes no refresh: the server has the word',
    async (_, isKeptFresh) => {
      const tab = await openSignedInTab()
      if (isKeptFresh) keepFresh(tab.session)
      tab.clock.jump(-day)
      tab.lifecycle.signal('wake')
      for (let times = 0; times < 50; times++) {
        expect(request(tab).outcome ?? 'held').toMatch(/^(access-1|held)$/)
        await tab.clock.advance(minute)
      }
      expect(tab.endpoint.calls).toEqual([])
      expect((await tab.source.tokensAfter(tab.source.record as StoredTokens, undefined)).accessToken).toBe(
        'access-2',
      )
      expect(tab.session.state).toMatchObject({ expiresAt: tab.clock.now() + 15 * minute })
    },
  )

  test.each([day, -day])('a jump of %d ms during a refresh causes at most one more', async (jumpMs) => {
    const tab = await openSignedInTab()
    await tab.clock.advance(900_000)
    tab.endpoint.answers(async () => {
      tab.clock.jump(jumpMs)
      return {
        kind: 'refreshed',
        tokens: { accessToken: 'access-2', refreshToken: 'refresh-2', expiresIn: 900 },
      }
    })
    for (let times = 0; times < 20; times++) {
      request(tab)
      await tab.clock.advance(1000)
    }
    expect(tab.endpoint.calls.length).toBeLessThanOrEqual(2)
  })

  test.each([-day, -20 * minute, 20 * minute, day])(
    'a reload with a clock that is %d ms off causes at most one extra refresh',
    async (offMs) => {
      const store = memoryStore()
      const before = await openSignedInTab({ store })
      before.session.dispose()
      const clock = createManualClock(before.clock.now() + offMs)
      const tab = openTab({ store, clock })
      for (let times = 0; times < 50; times++) {
        request(tab)
        await clock.advance(1000)
      }
      expect(tab.endpoint.calls.length).toBeLessThanOrEqual(1)
      expect(tab.session.state.status).toBe('signed-in')
    },
  )

  test('a jump of a day back during a backoff does not keep the user out for a day', async () => {
    const tab = await openSignedInTab()
    tab.endpoint.answers(unavailable(120_000))
    await codeOf(tab.session.refresh())
    tab.clock.jump(-day)
    await tab.clock.advance(5 * minute)
    expect(await tab.session.refresh()).toBe('access-2')
  })
})
