// @vitest-environment node
import { describe, expect, test, vi } from 'vitest'
import { authError } from '../../src/core/errors.js'
import type { HandOver } from '../../src/core/hand-over.js'
import { memoryStore } from '../../src/core/token-store.js'
import { deferred } from '../support/deferred.js'
import { createFakeLock } from '../support/fake-lock.js'
import { openSignedInTab, openTab } from '../support/fake-tab.js'
import { codeOf } from '../support/held-request.js'
import { createManualClock } from '../support/manual-clock.js'
import { settled } from '../support/settled.js'
import { typesOf } from '../support/types-of.js'

describe('a refresh that is handed over', () => {
  test('takes the tokens that were stored meanwhile, and calls nobody', async () => {
    const shared = { store: memoryStore(), lock: createFakeLock(), clock: createManualClock() }
    const worker = openTab(shared)
    const handOver = vi.fn<HandOver>(async () => {
      await worker.session.refresh()
      return undefined
    })
    const page = await openSignedInTab({ ...shared, handOver })
    await worker.session.ready
    worker.channel.post({ type: 'changed' })
    const { session, generation } = page.source.record ?? {}
    page.events.length = 0
    // The worker learns of the sign-in as it does in real life: from the store.
    const late = openTab(shared)
    await late.session.ready
    handOver.mockImplementation(async () => {
      await late.session.refresh()
      return undefined
    })
    expect(await page.session.refresh()).toBe('access-2')
    expect(handOver).toHaveBeenCalledOnce()
    expect(handOver.mock.calls[0]?.[0]).toMatchObject({ session, generation })
    expect(page.endpoint.calls).toEqual([])
    expect(typesOf(page.events)).toEqual(['refresh-started', 'adopted'])
  })

  test('is done by the page itself where nothing newer was stored', async () => {
    const page = await openSignedInTab({ handOver: async () => undefined })
    expect(await page.session.refresh()).toBe('access-2')
    expect(page.endpoint.calls).toHaveLength(1)
  })

  test('leaves the lock to whoever does it', async () => {
    const lock = createFakeLock()
    const asked = deferred<undefined>()
    const page = await openSignedInTab({ lock, handOver: () => asked.promise })
    const refresh = page.session.refresh()
    await settled()
    let isFree = false
    await lock(new AbortController().signal, async () => {
      isFree = true
    })
    expect(isFree).toBe(true)
    asked.resolve(undefined)
    await refresh
  })

  test('fails as it failed there, is not tried again at once, and keeps the session', async () => {
    const error = authError('REFRESH_FAILED', 'offline', { status: 503 })
    const handOver = vi.fn<HandOver>(async () => ({ kind: 'retry', error, isSpent: true }))
    const page = await openSignedInTab({ handOver })
    expect(await codeOf(page.session.refresh())).toBe('REFRESH_FAILED')
    expect(handOver).toHaveBeenCalledOnce()
    expect(page.endpoint.calls).toEqual([])
    expect(page.session.state.status).toBe('signed-in')
    expect(page.clock.armed).toEqual([])
  })

  test('is given up with the user', async () => {
    const page = await openSignedInTab({ handOver: () => new Promise(() => {}) })
    const refresh = codeOf(page.session.refresh())
    await settled()
    await page.session.signOut()
    expect(await refresh).toBe('SESSION_CHANGED')
    expect(page.endpoint.calls).toEqual([])
  })
})

test('a silent start is handed over to nobody', async () => {
  const handOver = vi.fn<HandOver>(async () => undefined)
  const page = openTab({ handOver, silentStart: true })
  await page.session.ready
  expect(page.session.state.status).toBe('signed-in')
  expect(handOver).not.toHaveBeenCalled()
})
