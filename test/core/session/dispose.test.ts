// @vitest-environment node
import { describe, expect, test, vi } from 'vitest'
import type { RefreshOutcome } from '../../../src/core/refresh-outcome.js'
import { memoryStore } from '../../../src/core/token-store.js'
import type { StoredTokens } from '../../../src/core/tokens.js'
import { keepFresh } from '../../../src/http/keep-fresh.js'
import { deferred } from '../../support/deferred.js'
import { createFakeEndpoint, lost, never, refreshed } from '../../support/fake-endpoint.js'
import { createFakeLock } from '../../support/fake-lock.js'
import { openSignedInTab, openTab } from '../../support/fake-tab.js'
import { codeOf, request } from '../../support/held-request.js'
import { settled } from '../../support/settled.js'
import { storedRecord } from '../../support/stored-record.js'

describe('after dispose', () => {
  test('no timer, listener or channel is left, whatever was under way', async () => {
    const tab = await openSignedInTab()
    keepFresh(tab.session)
    tab.endpoint.always(never)
    await tab.clock.advance(900_000)
    const held = request(tab)
    const refresh = codeOf(tab.session.refresh())
    tab.lifecycle.signal('wake')
    tab.session.dispose()
    await settled()
    expect(held.outcome).toBe('DISPOSED')
    expect(await refresh).toBe('DISPOSED')
    // The call has been sent, and its reply is worth storing until its time is up.
    await tab.clock.advance(20_000)
    await settled()
    expect(tab.clock.armed).toEqual([])
    expect(tab.lifecycle.listeners + tab.channel.listeners).toBe(0)
  })

  test('nothing is left at once where no call has been sent', async () => {
    const lock = createFakeLock()
    void lock(new AbortController().signal, () => new Promise(() => {}))
    const tab = await openSignedInTab({ lock })
    const refresh = codeOf(tab.session.refresh())
    await settled()
    tab.session.dispose()
    await settled()
    expect(await refresh).toBe('DISPOSED')
    expect(tab.endpoint.calls).toEqual([])
    expect(tab.clock.armed).toEqual([])
    expect(tab.lifecycle.listeners + tab.channel.listeners).toBe(0)
  })

  test('a reading of the store that was under way starts nothing', async () => {
    const reading = deferred<StoredTokens | null>()
    const tab = openTab({ store: { ...memoryStore(), read: () => reading.promise } })
    keepFresh(tab.session)
    const token = codeOf(tab.session.getAccessToken())
    const held = request(tab)
    tab.session.dispose()
    reading.resolve(storedRecord({ expiresAt: 1 }))
    await settled()
    expect(await token).toBe('DISPOSED')
    expect(held.outcome).toBe('DISPOSED')
    expect(tab.endpoint.calls).toEqual([])
    expect(tab.clock.armed).toEqual([])
  })

  test('nobody waits for a store that does not answer, and no timer is left', async () => {
    const tab = openTab({ store: { ...memoryStore(), read: () => new Promise(() => {}) } })
    const token = codeOf(tab.session.getAccessToken())
    const held = request(tab)
    tab.session.dispose()
    await settled()
    expect(await token).toBe('DISPOSED')
    expect(held.outcome).toBe('DISPOSED')
    await tab.session.ready
    expect(tab.clock.armed).toEqual([])
  })

  test('what a refresh brought is still stored, by a store that takes its time', async () => {
    const kept = memoryStore()
    const store = {
      ...kept,
      write: (tokens: StoredTokens | null) =>
        new Promise<void>((resolve) => setImmediate(resolve)).then(() => kept.write(tokens)),
    }
    const tab = await openSignedInTab({ store })
    const refresh = tab.session.refresh().catch(() => {})
    while (tab.endpoint.calls.length === 0) await settled(1)
    await Promise.resolve()
    tab.session.dispose()
    await refresh
    await settled()
    expect(await kept.read()).not.toBeNull()
  })

  test('a call that was sent comes back and is stored under the lock, and the next session sends no spent token', async () => {
    const shared = { store: memoryStore(), lock: createFakeLock(), endpoint: createFakeEndpoint() }
    const close = vi.fn()
    const tab = await openSignedInTab({ ...shared, store: { ...shared.store, close } })
    const reply = deferred<RefreshOutcome>()
    shared.endpoint.answers(reply.promise)
    const waiting = codeOf(tab.session.refresh())
    await settled()
    tab.session.dispose()
    expect(await waiting).toBe('DISPOSED')
    expect(close).not.toHaveBeenCalled()
    // Hot reload: the module runs again before the reply is there.
    const next = openTab(shared)
    await next.session.ready
    const refresh = next.session.refresh()
    await settled()
    reply.resolve(refreshed('access-2', 'refresh-2', 900))
    expect(await refresh).toBe('access-2')
    expect(shared.endpoint.calls.map(({ refreshToken }) => refreshToken)).toEqual(['refresh-1'])
    await settled()
    expect(close).toHaveBeenCalledTimes(1)
    expect(await shared.store.read()).toMatchObject({ generation: 2, refreshToken: 'refresh-2' })
  })

  test('a reply that comes after a sign-out and dispose is not stored', async () => {
    const tab = await openSignedInTab()
    const reply = deferred<RefreshOutcome>()
    tab.endpoint.answers(reply.promise)
    void codeOf(tab.session.refresh())
    await settled()
    void tab.session.signOut()
    tab.session.dispose()
    reply.resolve(refreshed('access-2', 'refresh-2'))
    await settled()
    expect(await tab.store.read()).toBeNull()
  })

  test('a reply that comes after dispose does not replace another user', async () => {
    const tab = await openSignedInTab()
    const reply = deferred<RefreshOutcome>()
    tab.endpoint.answers(reply.promise)
    void codeOf(tab.session.refresh())
    await settled()
    tab.session.dispose()
    await tab.store.write(storedRecord({ session: 'theirs' }))
    reply.resolve(refreshed('access-2', 'refresh-2'))
    await settled()
    expect(await tab.store.read()).toMatchObject({ session: 'theirs', accessToken: 'access-1' })
  })

  test('a failure of the call that was sent is not tried again', async () => {
    const tab = await openSignedInTab()
    const reply = deferred<RefreshOutcome>()
    tab.endpoint.answers(reply.promise)
    void codeOf(tab.session.refresh())
    await settled()
    tab.session.dispose()
    reply.resolve(lost)
    await tab.clock.advance(60_000)
    expect(tab.endpoint.calls).toHaveLength(1)
    expect(tab.clock.armed).toEqual([])
  })

  test('a 401 that comes late starts no refresh', async () => {
    const tab = await openSignedInTab()
    const refused = tab.source.record as StoredTokens
    tab.session.dispose()
    expect(await codeOf(tab.source.tokensAfter(refused, undefined))).toBe('DISPOSED')
    await settled()
    expect(tab.endpoint.calls).toEqual([])
    expect(tab.clock.armed).toEqual([])
  })

  test('the tokens stay in the store, and the next session finds them', async () => {
    const tab = await openSignedInTab()
    tab.session.dispose()
    const next = openTab({ store: tab.store })
    await next.session.ready
    expect(next.session.state).toMatchObject({ status: 'signed-in' })
  })

  test('every call rejects with DISPOSED', async () => {
    const tab = await openSignedInTab()
    tab.session.dispose()
    const { session } = tab
    const calls = [
      session.getAccessToken(),
      session.refresh(),
      session.signOut(),
      session.setTokens({ accessToken: 'a' }),
    ]
    expect(await Promise.all(calls.map(codeOf))).toEqual(Array(4).fill('DISPOSED'))
    await expect(session.refresh()).rejects.toThrow(/disposed/)
    expect(await tab.store.read()).toMatchObject({ accessToken: 'access-1' })
  })

  test('DISPOSED comes before what else is wrong: no refresh token, no tokens', async () => {
    const tab = openTab()
    await tab.session.setTokens({ accessToken: 'access-1' })
    const refused = tab.source.record as StoredTokens
    tab.session.dispose()
    const calls = [
      tab.session.refresh(),
      tab.session.setTokens({} as never),
      tab.source.tokensAfter(refused, undefined),
    ]
    expect(await Promise.all(calls.map(codeOf))).toEqual(Array(3).fill('DISPOSED'))
  })

  test('a sign-in whose reply was being read is not done', async () => {
    const tab = openTab()
    await tab.session.ready
    const reply = deferred<object>()
    const signIn = codeOf(tab.session.setTokens(reply.promise as never))
    tab.session.dispose()
    reply.resolve({ accessToken: 'access-1' })
    expect(await signIn).toBe('DISPOSED')
    expect(await tab.store.read()).toBeNull()
  })

  test('listeners hear nothing more, and a second dispose does nothing', async () => {
    const tab = await openSignedInTab()
    const close = vi.fn()
    tab.source.signal.addEventListener('abort', close)
    tab.endpoint.always(never)
    void codeOf(tab.session.refresh())
    await settled()
    const [events, states] = [tab.events.length, tab.states.length]
    tab.session.dispose()
    tab.session.dispose()
    await settled()
    expect([tab.events.length, tab.states.length]).toEqual([events, states])
    expect(close).toHaveBeenCalledTimes(1)
  })
})
