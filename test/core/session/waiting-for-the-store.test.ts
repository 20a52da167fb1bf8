// @vitest-environment node
import { describe, expect, test } from 'vitest'
import type { Session } from '../../../src/core/session.js'
import { memoryStore } from '../../../src/core/token-store.js'
import type { StoredTokens } from '../../../src/core/tokens.js'
import { type Deferred, deferred } from '../../support/deferred.js'
import { type FakeTab, openTab } from '../../support/fake-tab.js'
import { request } from '../../support/held-request.js'
import { settled } from '../../support/settled.js'
import { storedRecord } from '../../support/stored-record.js'

/** A signed-in tab whose store from now on answers when the test says so, and what. */
async function openSlowTab() {
  const kept = memoryStore()
  await kept.write(storedRecord())
  const readings: Deferred<StoredTokens | null>[] = []
  let isSlow = false
  const tab = openTab({
    store: {
      ...kept,
      read() {
        if (!isSlow) return kept.read()
        const reading = deferred<StoredTokens | null>()
        readings.push(reading)
        return reading.promise
      },
    },
  })
  await tab.session.ready
  isSlow = true
  return { ...tab, readings }
}

const theirs = storedRecord({ generation: 2, accessToken: 'theirs' })

describe('while the store is read', () => {
  test('a request waits for the last of several readings', async () => {
    const tab = await openSlowTab()
    tab.lifecycle.signal('wake')
    tab.lifecycle.signal('wake')
    tab.readings[0]?.resolve(storedRecord())
    await settled()
    const held = request(tab)
    await settled()
    expect(held.outcome).toBeUndefined()
    tab.readings[1]?.resolve(theirs)
    await settled()
    expect(held.outcome).toBe('theirs')
    expect(tab.source.holdReason).not.toBe('loading')
  })

  test('a refused request waits too, and is served with what another tab brought', async () => {
    const tab = await openSlowTab()
    const refused = tab.source.record as StoredTokens
    tab.lifecycle.signal('wake')
    const replaced = tab.source.tokensAfter(refused, undefined)
    tab.readings[0]?.resolve(theirs)
    expect((await replaced).accessToken).toBe('theirs')
    expect(tab.endpoint.calls).toEqual([])
  })

  test('a refresh that is asked for before the store has been read once waits', async () => {
    const store = memoryStore()
    await store.write(storedRecord())
    const { session } = openTab({ store: { ...store, read: async () => store.read() } })
    expect(await session.refresh()).toBe('access-2')
  })

  test.each<[string, (tab: FakeTab, signal: AbortSignal) => Promise<unknown>]>([
    ['a request', ({ source }, signal) => source.getTokens(signal)],
    ['a refused request', ({ source }, signal) => source.tokensAfter(source.record as StoredTokens, signal)],
    ['getAccessToken', ({ session }, signal) => session.getAccessToken({ signal })],
    ['refresh', ({ session }, signal) => session.refresh({ signal })],
  ])('%s waits no longer than its signal allows', async (_, call) => {
    const tab = await openSlowTab()
    tab.lifecycle.signal('wake')
    const controller = new AbortController()
    const called = call(tab, controller.signal)
    controller.abort('enough')
    await expect(called).rejects.toBe('enough')
  })
})

describe('while a refresh runs', () => {
  test.each<[string, (session: Session, signal: AbortSignal) => Promise<unknown>]>([
    ['refresh', (session, signal) => session.refresh({ signal })],
    [
      'getAccessToken for longer',
      (session, signal) => session.getAccessToken({ signal, minValidityMs: 1e9 }),
    ],
  ])('%s waits no longer than its signal allows', async (_, call) => {
    const tab = openTab()
    await tab.session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1', expiresIn: 900 })
    tab.endpoint.always(() => new Promise(() => {}))
    const controller = new AbortController()
    const called = call(tab.session, controller.signal)
    await settled()
    controller.abort('enough')
    await expect(called).rejects.toBe('enough')
  })
})

test.each([
  ['wake', 1],
  ['online', 1],
  ['freeze', 0],
  ['leave', 0],
] as const)('at the signal `%s` of the page the store is read %d times', async (signal, times) => {
  const tab = await openSlowTab()
  tab.lifecycle.signal(signal)
  await settled()
  expect(tab.readings).toHaveLength(times)
})
