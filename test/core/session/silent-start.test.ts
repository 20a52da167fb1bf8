// @vitest-environment node
import { describe, expect, test } from 'vitest'
import type { Renewal } from '../../../src/core/refresh-coordinator.js'
import { memoryStore } from '../../../src/core/token-store.js'
import { deferred } from '../../support/deferred.js'
import { createFakeChannels } from '../../support/fake-channels.js'
import { createFakeEndpoint, ended, lost, renewed } from '../../support/fake-endpoint.js'
import { type FakeTab, type FakeTabParts, openTab } from '../../support/fake-tab.js'
import { request } from '../../support/held-request.js'
import { settled } from '../../support/settled.js'
import { storedRecord } from '../../support/stored-record.js'
import { typesOf } from '../../support/types-of.js'

/** A tab that has asked at its start, with the answer in the test's hand. */
function openAskingTab(parts: FakeTabParts = {}): FakeTab & { answer(renewal: Renewal): Promise<void> } {
  const endpoint = createFakeEndpoint()
  const answered = deferred<Renewal>()
  endpoint.answers(answered.promise)
  return {
    ...openTab({ endpoint, silentStart: true, ...parts }),
    answer(renewal) {
      answered.resolve(renewal)
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
    expect(tab.gate.isLoading).toBe(true)
    expect(held.outcome).toBeUndefined()
    await tab.answer(renewed('access-1'))
    expect(held.outcome).toBe('access-1')
    expect(tab.session.state.status).toBe('signed-in')
    expect(tab.states.map(({ status }) => status)).toEqual(['loading', 'signed-in'])
    expect(tab.gate.isLoading).toBe(false)
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
    await tab.answer(lost)
    expect(tab.session.state.status).toBe('signed-out')
    tab.endpoint.answers(renewed('access-1'))
    tab.page.signal(signal)
    await settled()
    expect(tab.endpoint.calls).toHaveLength(2)
    expect(tab.session.state.status).toBe('signed-in')
  })

  test('whose user signs in meanwhile goes on with that: the answer is of yesterday', async () => {
    const tab = openAskingTab()
    await settled()
    await tab.session.setTokens({ accessToken: 'access-9' })
    expect(tab.session.state.status).toBe('signed-in')
    await tab.answer(renewed('access-1'))
    expect(request(tab).outcome).toBe('access-9')
    expect(typesOf(tab.events)).toEqual(['signed-in'])
  })

  test('whose user signs out meanwhile stays signed out', async () => {
    const tab = openAskingTab()
    await settled()
    await tab.session.signOut()
    await tab.answer(renewed('access-1'))
    expect(tab.session.state.status).toBe('signed-out')
    tab.page.signal('online')
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
    await tab.answer(renewed('access-1'))
    expect(request(tab).outcome).toBe('theirs')
    expect(await store.read()).toMatchObject({ accessToken: 'theirs' })
  })

  test('and is disposed of meanwhile leaves no timer, and stores nothing', async () => {
    const tab = openAskingTab()
    await settled()
    tab.session.dispose()
    await tab.answer(renewed('access-1'))
    expect(tab.clock.armed).toEqual([])
    expect(await tab.store.read()).toBeNull()
  })
})
