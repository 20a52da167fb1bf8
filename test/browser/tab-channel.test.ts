import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createTabChannel } from '../../src/browser/tab-channel.js'
import type { TabMessage } from '../../src/core/environment.js'
import { createFakeBroadcastChannels } from '../support/fake-broadcast-channel.js'
import { createFakeLifecycle } from '../support/fake-lifecycle.js'
import { settled } from '../support/settled.js'

let channels: ReturnType<typeof createFakeBroadcastChannels>

beforeEach(() => {
  channels = createFakeBroadcastChannels()
  vi.stubGlobal('BroadcastChannel', channels.BroadcastChannel)
})
afterEach(() => vi.unstubAllGlobals())

test.each<TabMessage>([
  { type: 'changed' },
  { type: 'ended', session: 'one' },
  { type: 'ping' },
  { type: 'alive' },
  { type: 'quiet', until: 1_900_000_000_000 },
])('$type reaches the other tabs, and not its sender', async (message) => {
  const [sender, receiver] = [createTabChannel('shop'), createTabChannel('shop')]
  const [own, other] = [vi.fn(), vi.fn()]
  sender.listen(own)
  receiver.listen(other)
  sender.post(message)
  await settled()
  expect(other).toHaveBeenCalledExactlyOnceWith(message)
  expect(own).not.toHaveBeenCalled()
})

test('sessions of another name hear nothing', async () => {
  const listener = vi.fn()
  createTabChannel('forum').listen(listener)
  createTabChannel('shop').post({ type: 'changed' })
  await settled()
  expect(listener).not.toHaveBeenCalled()
})

describe('what is no message of ours is ignored', () => {
  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a string', 'changed'],
    ['a number', 1],
    ['a list', ['changed']],
    ['no version', { type: 'changed' }],
    ['another version', { v: 2, type: 'changed' }],
    ['a version that is a string', { v: '1', type: 'changed' }],
    ['no type', { v: 1 }],
    ['another type', { v: 1, type: 'sign-in', accessToken: 'evil' }],
    ['a type that is no string', { v: 1, type: { toString: 'changed' } }],
    ['the name of a method', { v: 1, type: 'toString' }],
    ['an end of no session', { v: 1, type: 'ended' }],
    ['an end of a session that is no string', { v: 1, type: 'ended', session: 1 }],
    ['quiet without end', { v: 1, type: 'quiet' }],
    ['quiet until infinity', { v: 1, type: 'quiet', until: Infinity }],
    ['quiet until NaN', { v: 1, type: 'quiet', until: Number.NaN }],
    ['quiet until a string', { v: 1, type: 'quiet', until: '9' }],
  ])('%s', async (_, data) => {
    const listener = vi.fn()
    createTabChannel('shop').listen(listener)
    new channels.BroadcastChannel('shop').postMessage(data)
    await settled()
    expect(listener).not.toHaveBeenCalled()
  })
})

test('a message is rebuilt: what another script adds to it does not come through', async () => {
  const listener = vi.fn()
  createTabChannel('shop').listen(listener)
  new channels.BroadcastChannel('shop').postMessage({ v: 1, type: 'changed', accessToken: 'evil' })
  await settled()
  expect(listener).toHaveBeenCalledExactlyOnceWith({ type: 'changed' })
})

test('a listener that is removed hears nothing more, even when another one removed it', async () => {
  const channel = createTabChannel('shop')
  const removed = vi.fn()
  const stays = vi.fn(() => remove())
  channel.listen(stays)
  const remove = channel.listen(removed)
  remove()
  createTabChannel('shop').post({ type: 'changed' })
  await settled()
  expect(removed).not.toHaveBeenCalled()
  expect(stays).toHaveBeenCalledTimes(1)
})

test('after close nothing is open, heard or posted, and nothing throws', async () => {
  const [channel, other] = [createTabChannel('shop'), createTabChannel('shop')]
  const [here, there] = [vi.fn(), vi.fn()]
  channel.listen(here)
  other.listen(there)
  channel.close()
  channel.close()
  channel.post({ type: 'changed' })
  other.post({ type: 'changed' })
  await settled()
  expect(here).not.toHaveBeenCalled()
  expect(there).not.toHaveBeenCalled()
  other.close()
  expect(channels.open.size).toBe(0)
})

describe('a page that is frozen', () => {
  test('ignores messages until it wakes, since it would block the store for all other tabs', async () => {
    const lifecycle = createFakeLifecycle()
    const listener = vi.fn()
    const channel = createTabChannel('shop', lifecycle)
    channel.listen(listener)
    const other = createTabChannel('shop')
    lifecycle.signal('freeze')
    other.post({ type: 'changed' })
    await settled()
    expect(listener).not.toHaveBeenCalled()
    lifecycle.signal('online')
    other.post({ type: 'changed' })
    await settled()
    expect(listener, 'only when it wakes').not.toHaveBeenCalled()
    lifecycle.signal('wake')
    other.post({ type: 'alive' })
    await settled()
    expect(listener).toHaveBeenCalledExactlyOnceWith({ type: 'alive' })
  })

  test('and closes its channel listens no more', () => {
    const lifecycle = createFakeLifecycle()
    const channel = createTabChannel('shop', lifecycle)
    expect(lifecycle.listeners).toBe(1)
    channel.close()
    expect(lifecycle.listeners).toBe(0)
  })
})

test('without a name it is mute', () => {
  const channel = createTabChannel(undefined)
  channel.listen(() => {})
  channel.post({ type: 'changed' })
  channel.close()
  expect(channels.open.size).toBe(0)
})

test('in a browser without BroadcastChannel it is mute', () => {
  vi.unstubAllGlobals()
  const { BroadcastChannel: real } = globalThis
  Reflect.deleteProperty(globalThis, 'BroadcastChannel')
  try {
    const channel = createTabChannel('shop')
    channel.listen(() => {})()
    expect(() => channel.post({ type: 'changed' })).not.toThrow()
    channel.close()
  } finally {
    globalThis.BroadcastChannel = real
  }
})
