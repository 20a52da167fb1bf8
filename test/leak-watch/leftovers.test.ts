import { expect, test } from 'vitest'
import { createPageLifecycle } from '../../src/browser/page-lifecycle.js'
import { createTabChannel } from '../../src/browser/tab-channel.js'
import { webStorageStore } from '../../src/browser/web-storage-store.js'
import { afterAwake, systemClock, waitFor } from '../../src/core/clock.js'
import { openTab } from '../support/fake-tab.js'
import { takeLeftovers } from './leftovers.js'

test('what the library leaves behind is found, be it in the page or in the place that a test made', async () => {
  const { signal } = new AbortController()
  void waitFor(new Promise(() => {}), { clock: systemClock, signal, ms: 60_000 })
  createPageLifecycle().listen(() => {})
  webStorageStore('local', 'left').subscribe?.(() => {})
  createTabChannel('left')
  const { clock, lifecycle, channel } = openTab()
  afterAwake(clock, 1000, () => {})
  const found = (await takeLeftovers()).map((what) => what.replace(/:\d+$/, '')).sort()
  lifecycle.listen(() => {})
  channel.listen(() => {})
  const later = await takeLeftovers()
  expect(later).toHaveLength(2)
  expect(found).toEqual([
    'a channel from /src/browser/tab-channel.ts',
    'a listener for "abort" from /src/core/clock.ts',
    'a listener for "freeze" from /src/browser/page-lifecycle.ts',
    'a listener for "online" from /src/browser/page-lifecycle.ts',
    'a listener for "pagehide" from /src/browser/page-lifecycle.ts',
    'a listener for "pageshow" from /src/browser/page-lifecycle.ts',
    'a listener for "prerenderingchange" from /src/browser/page-lifecycle.ts',
    'a listener for "resume" from /src/browser/page-lifecycle.ts',
    'a listener for "storage" from /src/browser/web-storage-store.ts',
    'a listener for "visibilitychange" from /src/browser/page-lifecycle.ts',
    'a timer of 1000 ms from /src/core/clock.ts',
    'a timer of 60000 ms from /src/core/clock.ts',
  ])
})

test('what is taken down is forgotten: by its removal, its signal, or because it fired', async () => {
  const controller = new AbortController()
  const stop = createPageLifecycle().listen(() => {})
  const unsubscribe = webStorageStore('local', 'left').subscribe?.(() => {})
  const channel = createTabChannel('closed')
  const waiting = waitFor(new Promise(() => {}), {
    clock: systemClock,
    signal: controller.signal,
    ms: 60_000,
  })
  const fired = waitFor(new Promise(() => {}), { clock: systemClock, ms: 1 })
  stop()
  unsubscribe?.()
  channel.close()
  controller.abort('enough')
  await expect(waiting).rejects.toBe('enough')
  await expect(fired).rejects.toBeUndefined()
  expect(await takeLeftovers()).toEqual([])
})
