import type { PageLifecycle, TabChannel, TabMessage } from '../core/environment.js'
import { isObject } from '../core/own-fields.js'

/** Version of the messages' shape: another version's are ignored. */
const version = 1

/** Every script of the origin can post to the channel: what is not one of our messages is ignored. */
function readMessage(data: unknown): TabMessage | undefined {
  if (!isObject(data)) return undefined
  const { v, type, until, session, generation } = data as Record<string, unknown>
  if (v !== version) return undefined
  if (type === 'quiet') return typeof until === 'number' && until < Infinity ? { type, until } : undefined
  if (type === 'ended') return typeof session === 'string' ? { type, session } : undefined
  if (type === 'spent') {
    return typeof session === 'string' && typeof generation === 'number'
      ? { type, session, generation }
      : undefined
  }
  // A pattern turns what it tests into a string, which an object that was sent can prevent.
  return typeof type === 'string' && /^(changed|signed-in|signed-out|ping|alive)$/.test(type)
    ? ({ type } as TabMessage)
    : undefined
}

/**
 * A `BroadcastChannel`; mute without a name, or where there is none. `close` is final.
 *
 * A frozen page ignores messages: they reach it, but a transaction that it began would stand still and block the store for
 * all other tabs (measured in Chromium 156). It reads the store when it wakes.
 */
export function createTabChannel(
  name: string | undefined,
  lifecycle?: Pick<PageLifecycle, 'listen'>,
): TabChannel & { close(): void } {
  let channel: BroadcastChannel | undefined
  let isFrozen = false
  const stopListening = lifecycle?.listen((event) => {
    if (event === 'freeze' || event === 'wake') isFrozen = event === 'freeze'
  })
  const listeners = new Set<(message: TabMessage) => void>()
  try {
    if (name !== undefined) channel = new BroadcastChannel(name)
  } catch {
    // Some browsers refuse it to sandboxed frames, some have none.
  }
  if (channel) {
    channel.onmessage = ({ data }) => {
      const message = isFrozen ? undefined : readMessage(data)
      if (message) for (const listener of [...listeners]) listener(message)
    }
  }
  return {
    post(message) {
      try {
        channel?.postMessage({ v: version, ...message })
      } catch {
        // The other tabs read the store before they refresh.
      }
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      stopListening?.()
      channel?.close()
      channel = undefined
    },
  }
}
