// @vitest-environment node
import { expect, test } from 'vitest'
import type { ModelRequest } from './support/api.js'
import type { SignIn } from './support/auth-server.js'
import type { Tab } from './support/tab.js'
import { errorCode, opaque, tellStory } from './support/tell-story.js'

// What random stories found once, told as plain ones.

const fourSeconds: SignIn = { lifetimeMs: 4000, saysLifetime: true, hasRefreshToken: true }
const dayMs = 86_400_000

test('a request that is slower than the tokens live is sent three times at most', () =>
  tellStory({ isKeptFresh: true }, async (world, [tab]) => {
    tab?.signIn(fourSeconds)
    await world.pass(20)
    const request = tab?.request({ route: 'futile', latencyMs: 5000 })
    await world.pass(60_000)
    expect(request?.sends.length).toBeLessThanOrEqual(3)
    expect(request?.outcome).toMatchObject({ reply: { status: 401 } })
  }))

test('a request that waits for the store does not go out for the user who signs in meanwhile', () =>
  tellStory({}, async (world, [tab]) => {
    tab?.signIn(opaque)
    await world.pass(20)
    tab?.wake()
    const request = tab?.request({}) as ModelRequest
    tab?.signIn(opaque)
    await world.pass(1000)
    expect(request.sends).toEqual([])
    expect(errorCode(request)).toBe('SESSION_CHANGED')
  }))

test('a request that waits for the store does not go out for the user who signs in in another tab', () =>
  tellStory({ tabs: 2 }, async (world, [tab, other]) => {
    tab?.signIn(opaque)
    await world.pass(50)
    other?.signIn(opaque)
    await world.pass(2)
    tab?.wake()
    const request = tab?.request({}) as ModelRequest
    await world.pass(1000)
    expect(tab?.family).toBe(1)
    expect(request.sends).toEqual([])
    expect(errorCode(request)).toBe('SESSION_CHANGED')
  }))

test('a request that waits for the store is not sent without a token after a sign-out', () =>
  tellStory({}, async (world, [tab]) => {
    tab?.signIn(opaque)
    await world.pass(20)
    tab?.wake()
    const request = tab?.request({}) as ModelRequest
    tab?.signOut()
    await world.pass(1000)
    expect(request.sends).toEqual([])
    expect(errorCode(request)).toBe('SESSION_CHANGED')
  }))

test('a sign-out in another tab is emitted as one, whatever session a stranger called ended', () =>
  tellStory({ tabs: 2 }, async (world, [tab, other]) => {
    tab?.signIn(opaque)
    await world.pass(50)
    world.channel.forge({ type: 'ended', session: 'of another user' })
    await world.pass(50)
    expect(tab?.session.state.status).toBe('signed-in')
    other?.signOut()
    await world.pass(100)
    expect(tab?.session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
  }))

test('a sign-out is emitted as one, even if the session before it has just ended', () =>
  tellStory({ tabs: 2, messageMs: 2 }, async (world, [tab, other]) => {
    tab?.signIn(opaque)
    await world.pass(50)
    world.server.end(0)
    tab?.request({})
    await world.pass(200)
    expect(other?.session.state).toEqual({ status: 'signed-out', reason: 'expired' })
    tab?.signIn(opaque)
    await world.pass(50)
    tab?.signOut()
    await world.pass(50)
    expect(other?.session.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
  }))

test('the end of a session is emitted as one in a tab that waited to refresh it', () =>
  tellStory({ tabs: 2, messageMs: 2 }, async (world, [tab, other]) => {
    tab?.signIn(opaque)
    await world.pass(50)
    world.server.end(0)
    tab?.request({})
    other?.request({})
    await world.pass(1000)
    expect(tab?.session.state).toEqual({ status: 'signed-out', reason: 'expired' })
    expect(other?.session.state).toEqual({ status: 'signed-out', reason: 'expired' })
  }))

test('requests do not wait for one reading of the store after another', () =>
  tellStory({}, async (world, [tab]) => {
    tab?.signIn(opaque)
    await world.pass(20)
    world.store.trouble((tab as Tab).place, 'slow')
    for (let told = 0; told < 20; told++) world.channel.forge({ type: 'changed' })
    await world.pass(5)
    const request = tab?.request({}) as ModelRequest
    await world.pass(2000)
    expect(request.outcome).toMatchObject({ reply: { status: 200 } })
  }))

test('a request waits for one reading of the store, however many are asked for while it does', () =>
  tellStory({}, async (world, [tab]) => {
    tab?.signIn(opaque)
    await world.pass(20)
    world.store.trouble((tab as Tab).place, 'slow')
    world.channel.forge({ type: 'changed' })
    await world.pass(5)
    const request = tab?.request({}) as ModelRequest
    for (let told = 0; told < 20; told++) {
      world.channel.forge({ type: 'changed' })
      await world.pass(300)
    }
    expect(request.outcome).toMatchObject({ reply: { status: 200 } })
  }))

test('getAccessToken waits for one refresh, not for two', () =>
  tellStory({}, async (world, [tab]) => {
    tab?.signIn(fourSeconds)
    await world.pass(5000)
    const late = { kind: 'answered', latencyMs: 9000, isDeaf: false } as const
    world.line.fates.push(late, late)
    tab?.getAccessToken(50_000)
    await world.pass(10_100)
    expect(tab?.calls.at(-1)?.outcome).toBeDefined()
  }))

test('a user who left while the store failed is not signed in again when it works', () =>
  tellStory({}, async (world, [tab]) => {
    const { place } = tab as Tab
    tab?.signIn(opaque)
    await world.pass(20)
    world.store.trouble(place, 'fails')
    tab?.signIn(opaque)
    await world.pass(20)
    tab?.signOut()
    await world.pass(20)
    world.store.trouble(place, 'none')
    tab?.wake()
    await world.pass(100)
    expect(tab?.session.state.status).toBe('signed-out')
  }))

test('a clock that is set back during a backoff does not make it a day long', () =>
  tellStory({}, async (world, [tab]) => {
    tab?.signIn(opaque)
    await world.pass(20)
    world.channel.forge({ type: 'quiet', until: Number.MAX_VALUE })
    await world.pass(20)
    world.clock.jump(-dayMs)
    world.server.revokeAccess(0)
    const request = tab?.request({}) as ModelRequest
    await world.pass(1000)
    expect(request.outcome).toMatchObject({ reply: { status: 200 } })
  }))

test('a refusal of new tokens is cured, even while the store keeps the refresh that brought them from its end', () =>
  tellStory({}, async (world, [tab]) => {
    tab?.signIn(opaque)
    await world.pass(20)
    world.store.trouble((tab as Tab).place, 'silent')
    tab?.refresh()
    while (tab?.source.record?.generation === 1) await world.pass(10)
    world.server.revokeAccess(0)
    const request = tab?.request({}) as ModelRequest
    await world.pass(20_000)
    expect(request.outcome).toMatchObject({ reply: { status: 200 } })
  }))

test('a tab that was frozen while it looked, and robbed of the lock, does not send what another sends', () =>
  tellStory({ tabs: 2 }, async (world, [tab, other]) => {
    tab?.signIn(opaque)
    await world.pass(50)
    world.store.trouble((tab as Tab).place, 'slow')
    tab?.refresh()
    await world.pass(100)
    tab?.freeze()
    other?.refresh()
    await world.pass(5000)
    world.line.fates.push({ kind: 'answered', latencyMs: 6000, isDeaf: false })
    other?.refresh()
    await world.pass(9000)
    tab?.thaw()
    await world.pass(20_000)
    expect(tab?.source.record?.generation).toBe(2)
    expect(other?.source.record?.generation).toBe(2)
  }))
