// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { memoryStore } from '../../../src/core/token-store.js'
import { deferred } from '../../support/deferred.js'
import { createFakeLifecycle } from '../../support/fake-lifecycle.js'
import { type FakeTabParts, openTab } from '../../support/fake-tab.js'
import { codeOf, request } from '../../support/held-request.js'
import { settled } from '../../support/settled.js'
import { storedRecord } from '../../support/stored-record.js'

/** A tab whose page is prerendered until the test shows it. */
async function openPrerenderedTab(parts: FakeTabParts = {}) {
  const activated = deferred<void>()
  let isShown = false
  const lifecycle = { ...createFakeLifecycle(), activation: () => (isShown ? undefined : activated.promise) }
  const store = memoryStore()
  await store.write(storedRecord())
  let locks = 0
  const tab = openTab({
    store,
    lifecycle,
    lock: (_, work) => {
      locks++
      return work()
    },
    ...parts,
  })
  await settled()
  return {
    ...tab,
    locks: () => locks,
    show() {
      isShown = true
      activated.resolve()
      return settled()
    },
  }
}

describe('a prerendered page', () => {
  test('sends with a good token, as any page', async () => {
    const tab = await openPrerenderedTab()
    expect(request(tab).outcome).toBe('access-1')
  })

  test('starts no refresh, asks for no lock and lets no limit run until it is shown', async () => {
    const tab = await openPrerenderedTab()
    await tab.clock.advance(900_000)
    const held = request(tab)
    const refresh = tab.session.refresh()
    await tab.clock.advance(3_600_000)
    expect([tab.endpoint.calls.length, tab.locks(), held.outcome]).toEqual([0, 0, undefined])
    expect(tab.clock.armed).toEqual([])
    await tab.show()
    expect(await refresh).toBe('access-2')
    expect(held.outcome).toBe('access-2')
    expect(tab.endpoint.calls).toHaveLength(1)
  })

  test('refreshes nothing ahead of the expiry', async () => {
    const tab = await openPrerenderedTab()
    await tab.clock.advance(880_000)
    expect(request(tab).outcome).toBe('access-1')
    await settled()
    expect(tab.locks()).toBe(0)
  })

  test('asks no cookie, and is loading until it is shown', async () => {
    const tab = await openPrerenderedTab({ store: memoryStore(), silentStart: true })
    await tab.clock.advance(3_600_000)
    expect(tab.session.state.status).toBe('loading')
    expect(tab.endpoint.calls).toEqual([])
    await tab.show()
    expect(tab.session.state.status).toBe('signed-in')
  })

  test('lets a caller go whose signal aborts', async () => {
    const tab = await openPrerenderedTab()
    const controller = new AbortController()
    const refresh = codeOf(tab.session.refresh({ signal: controller.signal }))
    controller.abort({ code: 'mine' })
    expect(await refresh).toBe('mine')
  })
})
