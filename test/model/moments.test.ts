// @vitest-environment node
import { expect, test } from 'vitest'
import type { ModelRequest } from './support/api.js'
import type { Tab } from './support/tab.js'
import { errorCode, opaque, tellStory } from './support/tell-story.js'

// What is meant for one moment, and done in another.

test('a request that a prerendered page holds does not go out for the user who has signed in when it is shown', () =>
  tellStory({ tabs: 2 }, async (world, [tab, other]) => {
    other?.crash()
    tab?.signIn(opaque)
    await world.pass(50)
    world.open(1, { isPrerendered: true })
    await world.pass(50)
    const hidden = world.tabs[1] as Tab
    world.server.revokeAccess(0)
    const request = hidden.request({})
    await world.pass(1000)
    tab?.signIn(opaque)
    await world.pass(50)
    // It reads the store, and is somebody else's from then on.
    hidden.networkIsBack()
    await world.pass(50)
    expect(hidden.family).toBe(1)
    hidden.show()
    await world.pass(1000)
    expect(request.sends).toHaveLength(1)
    expect(request.outcome).toMatchObject({ reply: { status: 401, reason: { code: 'SESSION_CHANGED' } } })
  }))

test('a prerendered page uses what another tab has refreshed until it is shown, and refreshes nothing itself', () =>
  tellStory({ tabs: 2 }, async (world, [tab, other]) => {
    other?.crash()
    tab?.signIn(opaque)
    await world.pass(50)
    world.open(1, { isPrerendered: true })
    await world.pass(50)
    const hidden = world.tabs[1] as Tab
    world.server.revokeAccess(0)
    const request = hidden.request({})
    await world.pass(1000)
    tab?.refresh()
    await world.pass(1000)
    hidden.networkIsBack()
    await world.pass(50)
    hidden.show()
    await world.pass(1000)
    expect(request.outcome).toMatchObject({ reply: { status: 200 } })
    expect(hidden.source.record?.generation).toBe(2)
  }))

test('a popup that signs in and is gone signs in all tabs within a second, in whatever they were', () =>
  tellStory({ tabs: 3 }, async (world, [tab]) => {
    tab?.signIn(opaque)
    await world.pass(50)
    const popup = world.openPopup()
    await world.pass(20)
    popup.signIn(opaque)
    popup.close()
    await world.pass(1000)
    expect(world.tabs.map(({ family }) => family)).toEqual([1, 1, 1])
  }))

test('a session that begins in a page whose last one was disposed of in mid-refresh waits for what that brings', () =>
  tellStory({}, async (world, [tab]) => {
    tab?.signIn(opaque)
    await world.pass(50)
    world.line.fates.push({ kind: 'answered', latencyMs: 3000, isDeaf: false })
    tab?.refresh()
    await world.pass(1000)
    tab?.dispose()
    world.open(0, { before: tab })
    const next = world.tabs[0] as Tab
    await world.pass(50)
    next.refresh()
    await world.pass(5000)
    expect(next.source.record?.generation).toBe(2)
    expect(next.calls.at(-1)?.outcome).toHaveProperty('value')
  }))

test.each(['axios', 'fetch'] as const)(
  '%s: a call that something in the app sends again an hour later is sent for its user alone',
  (client) =>
    tellStory({ client }, async (world, [tab]) => {
      tab?.signIn({ ...opaque, user: 'ada' })
      await world.pass(50)
      tab?.request({ isLost: true })
      await world.pass(1000)
      tab?.signIn({ ...opaque, user: 'grace' })
      await world.pass(50)
      tab?.sendAgain(0)
      await world.pass(1000)
      const asGrace = tab?.requests.at(-1) as ModelRequest
      expect(asGrace.sends).toEqual([])
      expect(errorCode(asGrace)).toBe('SESSION_CHANGED')
      tab?.signOut()
      await world.pass(50)
      tab?.sendAgain(0)
      await world.pass(1000)
      const asNobody = tab?.requests.at(-1) as ModelRequest
      expect(asNobody.sends).toEqual([])
      expect(errorCode(asNobody)).toBe('SESSION_CHANGED')
      tab?.signIn({ ...opaque, user: 'ada' })
      await world.pass(50)
      tab?.sendAgain(0)
      await world.pass(1000)
      expect(tab?.requests.at(-1)?.sends).toEqual([tab?.source.record?.accessToken])
    }),
)

test('where the disk is full in one tab, the others do not send what it has spent', () =>
  tellStory({ tabs: 2 }, async (world, [tab, other]) => {
    tab?.signIn(opaque)
    await world.pass(50)
    world.store.trouble((tab as Tab).place, 'full')
    tab?.refresh()
    await world.pass(500)
    expect(tab?.source.record?.generation).toBe(2)
    world.server.revokeAccess(0)
    other?.request({})
    await world.pass(1000)
    expect(other?.session.state.status).toBe('signed-out')
    expect(world.server.families[0]?.isEnded).toBe(false)
  }))
