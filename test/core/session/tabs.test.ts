// @vitest-environment node
import { describe, expect, test, vi } from 'vitest'
import { memoryStore } from '../../../src/core/token-store.js'
import type { StoredTokens } from '../../../src/core/tokens.js'
import { openSignedInTabs } from '../../support/fake-browser.js'
import { createFakeChannels } from '../../support/fake-channels.js'
import { ended, never, unavailable } from '../../support/fake-endpoint.js'
import { openSignedInTab, openTab } from '../../support/fake-tab.js'
import { codeOf, request } from '../../support/held-request.js'
import { settled } from '../../support/settled.js'
import { storedRecord } from '../../support/stored-record.js'
import { typesOf } from '../../support/types-of.js'

const minute = 60_000

describe('tabs', () => {
  test('a sign-in in one is a sign-in in all', async () => {
    const tabs = await openSignedInTabs(3)
    for (const { session, events } of tabs) {
      expect(session.state).toMatchObject({ status: 'signed-in' })
      expect(typesOf(events)).toEqual(['signed-in'])
    }
  })

  test('requests in all of them at an expired token cause one refresh', async () => {
    const tabs = await openSignedInTabs(3)
    const [first] = tabs
    await first.clock.advance(900_000)
    const requests = tabs.flatMap((tab) => Array.from({ length: 10 }, () => request(tab)))
    await settled()
    expect(requests.every(({ outcome }) => outcome === 'access-2')).toBe(true)
    expect(first.endpoint.calls).toHaveLength(1)
    expect(tabs.filter(({ events }) => typesOf(events).includes('adopted'))).toHaveLength(2)
    expect(tabs.filter(({ events }) => typesOf(events).includes('refresh-succeeded'))).toHaveLength(1)
  })

  test('a sign-out in one is a sign-out in all, once', async () => {
    const tabs = await openSignedInTabs(3)
    await tabs[1].session.signOut()
    await settled()
    for (const { session, events } of tabs) {
      expect(session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
      expect(typesOf(events)).toEqual(['signed-in', 'signed-out'])
    }
  })

  test('the end of the session is emitted once in each', async () => {
    const tabs = await openSignedInTabs(3)
    const [first] = tabs
    first.endpoint.always(ended)
    await Promise.all(tabs.map(({ session }) => codeOf(session.refresh())))
    await settled()
    for (const { session, events } of tabs) {
      expect(session.state).toEqual({ status: 'signed-out', reason: 'expired' })
      expect(typesOf(events).filter((type) => type === 'expired')).toHaveLength(1)
      expect(typesOf(events)).not.toContain('signed-out')
    }
    expect(first.endpoint.calls).toHaveLength(1)
  })

  test('the end of one session is no reason for the end of the next', async () => {
    const tabs = await openSignedInTabs(3)
    const [first, second] = tabs
    first.endpoint.answers(ended)
    await codeOf(first.session.refresh())
    await settled()
    await first.session.setTokens({ accessToken: 'access-9', refreshToken: 'refresh-9' })
    await settled()
    await first.session.signOut()
    await settled()
    expect(second.session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
    expect(typesOf(second.events)).toEqual(['signed-in', 'expired', 'signed-in', 'signed-out'])
  })

  test('a word that another session has ended is no reason for a later sign-out', async () => {
    const channels = createFakeChannels()
    const stranger = channels()
    const store = memoryStore()
    const tab = await openSignedInTab({ store, channel: channels() })
    stranger.post({ type: 'ended', session: 'another' })
    await tab.clock.advance(minute)
    await store.write(null)
    stranger.post({ type: 'changed' })
    await settled()
    expect(tab.session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
  })

  test('a tab that slept reads the store before it believes its memory', async () => {
    const store = memoryStore()
    const tab = await openSignedInTab({ store })
    await store.write({ ...(tab.source.record as StoredTokens), generation: 2, accessToken: 'theirs' })
    tab.lifecycle.signal('wake')
    const held = request(tab)
    expect(held.outcome).toBeUndefined()
    await settled()
    expect(held.outcome).toBe('theirs')
    expect(tab.endpoint.calls).toEqual([])
  })

  test.each([
    [
      'somebody else signed in',
      storedRecord({ session: 'theirs', accessToken: 'access-9', expiresAt: null }),
    ],
    ['the user signed out', null],
  ])('a tab that slept while %s lets no request of before go out', async (_, found) => {
    const store = memoryStore()
    const tab = await openSignedInTab({ store })
    await store.write(found)
    tab.lifecycle.signal('wake')
    const held = request(tab)
    await settled()
    expect(held.outcome).toBe('SESSION_CHANGED')
    expect(request(tab).outcome).toBe(found?.accessToken ?? null)
  })

  test('a store that notices another tab is read again', async () => {
    const store = memoryStore()
    let changed = (): void => {}
    const tab = await openSignedInTab({
      store: {
        ...store,
        subscribe(callback) {
          changed = callback
          return () => {}
        },
      },
    })
    await store.write(null)
    changed()
    await settled()
    expect(tab.session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
  })

  test('a word in between does not make a tab forget that the session has ended', async () => {
    const channels = createFakeChannels()
    const [stranger, store] = [channels(), memoryStore()]
    const tab = await openSignedInTab({ store, channel: channels() })
    stranger.post({ type: 'ended', session: tab.source.record?.session ?? '' })
    await settled()
    stranger.post({ type: 'ping' })
    await settled()
    await store.write(null)
    stranger.post({ type: 'changed' })
    await settled()
    expect(tab.session.state).toEqual({ status: 'signed-out', reason: 'expired' })
  })

  test('a sign-in in a popup that closed before its store was done is found within a second', async () => {
    const channels = createFakeChannels()
    const [popup, store] = [channels(), memoryStore()]
    const opener = openTab({ store, channel: channels() })
    await opener.session.ready
    popup.post({ type: 'signed-in' })
    await settled()
    // Stored at last, and nobody is left to say so.
    await store.write(storedRecord())
    await opener.clock.advance(1000)
    expect(opener.session.state.status).toBe('signed-in')
    expect(request(opener).outcome).toBe('access-1')
  })

  test('a word that says nothing of the tokens costs no reading of the store', async () => {
    const channels = createFakeChannels()
    const [stranger, store] = [channels(), memoryStore()]
    const tab = await openSignedInTab({ store, channel: channels() })
    const read = vi.spyOn(store, 'read')
    stranger.post({ type: 'ping' })
    stranger.post({ type: 'alive' })
    stranger.post({ type: 'quiet', until: tab.clock.now() + minute })
    await settled()
    expect(read).not.toHaveBeenCalled()
    stranger.post({ type: 'changed' })
    await settled()
    expect(read).toHaveBeenCalledTimes(1)
  })

  test.each([
    ['a sign-out', null, false, 'SESSION_CHANGED'],
    ['the end of the session', null, true, 'SESSION_EXPIRED'],
    ['another sign-in', storedRecord({ session: 'theirs' }), false, 'SESSION_CHANGED'],
    ['another sign-in after a word of the end', storedRecord({ session: 'theirs' }), true, 'SESSION_CHANGED'],
  ])('%s elsewhere lets those go at once who wait for a refresh', async (_, found, isEnd, code) => {
    const channels = createFakeChannels()
    const [other, store] = [channels(), memoryStore()]
    const tab = await openSignedInTab({ store, channel: channels() })
    tab.endpoint.answers(ended)
    await codeOf(tab.session.refresh())
    await tab.session.setTokens({ accessToken: 'access-2', refreshToken: 'refresh-2', expiresIn: 900 })
    tab.endpoint.always(never)
    const waiting = codeOf(tab.session.refresh())
    await settled()
    if (isEnd) other.post({ type: 'ended', session: tab.source.record?.session ?? '' })
    await store.write(found)
    other.post({ type: 'changed' })
    await settled()
    expect(await Promise.race([waiting, settled().then(() => 'still waiting')])).toBe(code)
    expect(tab.source.isRefreshing).toBe(false)
  })

  test('forged messages change nothing', async () => {
    const channels = createFakeChannels()
    const stranger = channels()
    const tab = await openSignedInTab({ channel: channels() })
    for (const type of ['changed', 'ping', 'alive'] as const) stranger.post({ type })
    stranger.post({ type: 'ended', session: tab.source.record?.session ?? '' })
    await settled()
    expect(tab.session.state.status).toBe('signed-in')
    expect(tab.endpoint.calls).toEqual([])
  })

  test('what they say to each other holds no token', async () => {
    const tabs = await openSignedInTabs(3)
    const [first] = tabs
    first.endpoint.answers(unavailable(1000))
    const refresh = first.session.refresh()
    await first.clock.advance(minute)
    await refresh
    await first.session.signOut()
    const said = JSON.stringify(tabs.map(({ channel }) => channel.posted))
    expect(said).toContain('quiet')
    expect(said).not.toMatch(/access-|refresh-/)
  })
})
