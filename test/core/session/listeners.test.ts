// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { ended } from '../../support/fake-endpoint.js'
import { openSignedInTab, openTab } from '../../support/fake-tab.js'
import { codeOf } from '../../support/held-request.js'
import { settled } from '../../support/settled.js'
import { typesOf } from '../../support/types-of.js'

describe('listeners that call back into the session', () => {
  test('by signing out when the user signs in: the last state that is emitted is the one that holds', async () => {
    const tab = openTab()
    await tab.session.ready
    tab.session.on(({ type }) => {
      if (type === 'signed-in') void tab.session.signOut()
    })
    await tab.session.setTokens({ accessToken: 'access-1' })
    await settled()
    expect(tab.session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
    expect(tab.states.at(-1)).toBe(tab.session.state)
  })

  test('by signing out in subscribe: everybody is given both states, in one order', async () => {
    const tab = openTab()
    await tab.session.ready
    const early: string[] = []
    const late: string[] = []
    tab.session.subscribe((state) => {
      early.push(state.status)
      if (state.status === 'signed-in') void tab.session.signOut()
    })
    tab.session.subscribe((state) => late.push(state.status))
    await tab.session.setTokens({ accessToken: 'access-1' })
    expect(early).toEqual(['signed-out', 'signed-in', 'signed-out'])
    expect(late).toEqual(early)
    expect(typesOf(tab.events)).toEqual(['signed-in', 'signed-out'])
  })

  test('by signing out when a refresh starts: the refresh is aborted, and nothing waits for ever', async () => {
    const tab = await openSignedInTab()
    tab.session.on(({ type }) => {
      if (type === 'refresh-started') void tab.session.signOut()
    })
    expect(await codeOf(tab.session.refresh())).toBe('SESSION_CHANGED')
    await settled()
    expect(tab.session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
    expect(await tab.store.read()).toBeNull()
    expect(tab.clock.armed).toEqual([])
  })

  test('by asking for another refresh when one has succeeded', async () => {
    const tab = await openSignedInTab()
    let again: Promise<string> | undefined
    tab.session.on(({ type }) => {
      if (type === 'refresh-succeeded') again ??= tab.session.refresh()
    })
    expect(await tab.session.refresh()).toBe('access-2')
    expect(await again).toBe('access-3')
  })

  test('by disposing of it when the session has ended', async () => {
    const tab = await openSignedInTab()
    tab.endpoint.answers(ended)
    tab.session.on(({ type }) => {
      if (type === 'expired') tab.session.dispose()
    })
    expect(await codeOf(tab.session.refresh())).toBe('SESSION_EXPIRED')
    await settled()
    expect(tab.clock.armed).toEqual([])
    expect(tab.lifecycle.listeners + tab.channel.listeners).toBe(0)
  })

  test('by throwing: subscribers are contained and reported, listeners of events are contained', async () => {
    const tab = openTab()
    const fail = (): never => {
      throw new Error('mine')
    }
    tab.session.subscribe(fail)
    tab.session.on(fail)
    await tab.session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1' })
    expect(await tab.session.refresh()).toBe('access-2')
    expect(tab.events).toContainEqual(
      expect.objectContaining({
        type: 'warning',
        code: 'LISTENER_THREW',
        message: expect.stringContaining('subscribe'),
      }),
    )
    expect(tab.states.at(-1)).toBe(tab.session.state)
  })
})
