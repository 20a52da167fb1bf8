// @vitest-environment node
import { describe, expect, test } from 'vitest'
import type { RefreshOutcome } from '../../../src/core/refresh-outcome.js'
import { memoryStore } from '../../../src/core/token-store.js'
import { deferred } from '../../support/deferred.js'
import { createFakeChannels } from '../../support/fake-channels.js'
import {
  createFakeEndpoint,
  ended,
  lost,
  misconfigured,
  refreshed,
  unavailable,
} from '../../support/fake-endpoint.js'
import { createFakeLifecycle } from '../../support/fake-lifecycle.js'
import { createFakeLock } from '../../support/fake-lock.js'
import { type FakeTab, type FakeTabParts, openTab } from '../../support/fake-tab.js'
import { codeOf, request } from '../../support/held-request.js'
import { settled } from '../../support/settled.js'
import { storedRecord } from '../../support/stored-record.js'
import { typesOf } from '../../support/types-of.js'

/** A tab that has asked at its start, with the answer in the test's hand. */
function openAskingTab(
  parts: FakeTabParts = {},
): FakeTab & { answer(outcome: RefreshOutcome): Promise<void> } {
  const endpoint = createFakeEndpoint()
  const answered = deferred<RefreshOutcome>()
  endpoint.answers(answered.promise)
  return {
    ...openTab({ endpoint, silentStart: true, ...parts }),
    answer(outcome) {
      answered.resolve(outcome)
      return settled()
    },
  }
}

describe('a session that asks a cookie at its start', () => {
  test('is loading until there is an answer, and requests wait for it', async () => {
    const tab = openAskingTab()
    const held = request(tab)
    await settled()
    expect(tab.session.state.status).toBe('loading')
    expect(tab.source.holdReason).toBe('loading')
    expect(held.outcome).toBeUndefined()
    await tab.answer(refreshed('access-1'))
    expect(held.outcome).toBe('access-1')
    expect(tab.session.state.status).toBe('signed-in')
    expect(tab.states.map(({ status }) => status)).toEqual(['loading', 'signed-in'])
    expect(tab.source.holdReason).not.toBe('loading')
  })

  test('is signed out where the answer is no, once that is known', async () => {
    const tab = openAskingTab()
    const held = request(tab)
    await tab.answer(ended)
    await tab.session.ready
    expect(held.outcome).toBeNull()
    expect(tab.states.map(({ status }) => status)).toEqual(['loading', 'signed-out'])
    expect(tab.session.state).toEqual({ status: 'signed-out', reason: 'none' })
    expect(tab.events).toEqual([])
  })

  test('does not ask where the store holds a session', async () => {
    const store = memoryStore()
    await store.write(storedRecord())
    const tab = openAskingTab({ store })
    await tab.session.ready
    expect(tab.session.state.status).toBe('signed-in')
    expect(tab.endpoint.calls).toEqual([])
  })

  test.each(['online', 'wake'] as const)('asks again at `%s` where no answer came', async (signal) => {
    const tab = openAskingTab()
    // A lost reply is followed by one more try at once.
    tab.endpoint.answers(lost)
    await tab.answer(lost)
    expect(tab.session.state).toEqual({ status: 'signed-out', reason: 'none' })
    expect(tab.endpoint.calls).toHaveLength(2)
    tab.endpoint.answers(refreshed('access-1'))
    tab.lifecycle.signal(signal)
    const held = request(tab)
    expect(held.outcome, 'requests wait for the answer').toBeUndefined()
    await settled()
    expect(tab.endpoint.calls).toHaveLength(3)
    expect(tab.session.state.status).toBe('signed-in')
    expect(held.outcome).toBe('access-1')
  })

  test.each(['online', 'wake'] as const)('asks again at `%s` where there was no network', async (signal) => {
    const lifecycle = createFakeLifecycle()
    lifecycle.isOnlineNow = false
    const tab = openAskingTab({ lifecycle })
    await tab.session.ready
    expect(tab.session.state).toEqual({ status: 'signed-out', reason: 'none' })
    expect(tab.endpoint.calls).toEqual([])
    expect(tab.events).toEqual([])
    lifecycle.isOnlineNow = true
    lifecycle.signal(signal)
    await tab.answer(refreshed('access-1'))
    expect(tab.session.state.status).toBe('signed-in')
  })

  test.each(['online', 'wake'] as const)(
    'asks again at `%s` as soon as a server in trouble can be asked',
    async (signal) => {
      const tab = openAskingTab()
      tab.endpoint.always(unavailable())
      await tab.answer(unavailable())
      await tab.clock.advance(10_000)
      await tab.session.ready
      expect(tab.endpoint.calls).toHaveLength(3)
      expect(typesOf(tab.events)).toEqual(['warning'])
      tab.endpoint.always(refreshed('access-1'))
      tab.lifecycle.signal(signal)
      await settled()
      expect(tab.session.state.status).toBe('signed-in')
    },
  )

  test.each<[string, RefreshOutcome]>([
    ['a refusal', ended],
    ['"not due"', { kind: 'not-due' }],
    ['a wrong set-up', misconfigured],
  ])('does not ask again after a final answer: %s', async (_, answer) => {
    const tab = openAskingTab()
    tab.endpoint.answers(...Array.from({ length: 5 }, () => misconfigured))
    await tab.answer(answer)
    for (const signal of ['online', 'wake'] as const) {
      tab.lifecycle.signal(signal)
      await settled()
    }
    expect(tab.endpoint.calls).toHaveLength(1)
    expect(tab.session.state).toEqual({ status: 'signed-out', reason: 'none' })
  })

  test('does not ask again because another tab posts something', async () => {
    const channels = createFakeChannels()
    const stranger = channels()
    const tab = openAskingTab({ channel: channels() })
    tab.endpoint.always(lost)
    await tab.answer(lost)
    const calls = tab.endpoint.calls.length
    stranger.post({ type: 'changed' })
    stranger.post({ type: 'ended', session: 'session-1' })
    await settled()
    expect(tab.endpoint.calls).toHaveLength(calls)
    tab.lifecycle.signal('wake')
    await settled()
    expect(tab.endpoint.calls.length).toBeGreaterThan(calls)
  })

  test('does not ask again without a reason: a request is sent without a token', async () => {
    const tab = openAskingTab()
    tab.endpoint.always(lost)
    await tab.answer(lost)
    const calls = tab.endpoint.calls.length
    expect(request(tab).outcome).toBeNull()
    expect(await codeOf(tab.session.refresh())).toBe('SESSION_EXPIRED')
    await settled()
    expect(tab.endpoint.calls).toHaveLength(calls)
  })

  test('whose user signs in meanwhile goes on with that, and the answer is dropped', async () => {
    const tab = openAskingTab()
    await settled()
    await tab.session.setTokens({ accessToken: 'access-9' })
    expect(tab.session.state.status).toBe('signed-in')
    await tab.answer(refreshed('access-1'))
    expect(request(tab).outcome).toBe('access-9')
    expect(typesOf(tab.events)).toEqual(['signed-in'])
  })

  test('whose user signs out meanwhile stays signed out', async () => {
    const tab = openAskingTab()
    await settled()
    await tab.session.signOut()
    await tab.answer(refreshed('access-1'))
    expect(tab.session.state.status).toBe('signed-out')
    tab.lifecycle.signal('online')
    await settled()
    expect(tab.endpoint.calls).toHaveLength(1)
  })

  test('takes over what another tab signs in meanwhile', async () => {
    const channels = createFakeChannels()
    const [other, store] = [channels(), memoryStore()]
    const tab = openAskingTab({ store, channel: channels() })
    await settled()
    await store.write(storedRecord({ accessToken: 'theirs' }))
    other.post({ type: 'changed' })
    await settled()
    expect(tab.session.state.status).toBe('signed-in')
    await tab.answer(refreshed('access-1'))
    expect(request(tab).outcome).toBe('theirs')
    expect(await store.read()).toMatchObject({ accessToken: 'theirs' })
  })

  test('and is disposed of meanwhile leaves no timer, and stores nothing', async () => {
    const tab = openAskingTab()
    await settled()
    tab.session.dispose()
    await tab.answer(refreshed('access-1'))
    expect(tab.clock.armed).toEqual([])
    expect(await tab.store.read()).toBeNull()
  })
})

test.each([false, undefined])(
  'a session with silentStart: %s asks no cookie, and waits for no other tab',
  async (silentStart) => {
    const waits: AbortSignal[] = []
    const lock = createFakeLock()
    const tab = openTab({
      silentStart,
      lock(signal, work) {
        waits.push(signal)
        return lock(signal, work)
      },
    })
    await tab.session.ready
    for (const signal of ['online', 'wake'] as const) {
      tab.lifecycle.signal(signal)
      await settled()
    }
    expect(tab.endpoint.calls).toEqual([])
    expect(waits).toEqual([])
    expect(tab.session.state).toEqual({ status: 'signed-out', reason: 'none' })
  },
)
