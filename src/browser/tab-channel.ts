import { attempt } from '../core/attempt.js'
import type { PageSignals, TabChannel, TabMessage } from '../core/environment.js'
import { isObject } from '../core/is-object.js'

/** Version of the messages' shape: another version's are ignored. */
const version = 1

/** Anything on the origin can write to the channel: what is not one of ours is passed over. */
function readMessage(data: unknown): TabMessage | undefined {
  if (!isObject(data)) return undefined
  const { v, type, until, session } = data as Record<string, unknown>
  if (v !== version) return undefined
  if (type === 'cool-down') return typeof until === 'number' && until < Infinity ? { type, until } : undefined
  if (type === 'ended') return typeof session === 'string' ? { type, session } : undefined
  return type === 'changed' || type === 'ping' || type === 'alive' ? { type } : undefined
}

/**
 * A `BroadcastChannel`; mute without a name, or where there is none. `close` is for good.
 *
 * A frozen page is deaf: messages reach it, but a transaction that it began would stand still and keep the store from all
 * other tabs (measured in Chromium 156). It reads the store when it wakes.
 */
export function createTabChannel(
  name: string | undefined,
  page?: Pick<PageSignals, 'listen'>,
): TabChannel & { close(): void } {
  let channel: BroadcastChannel | undefined
  let isFrozen = false
  const stopListening = page?.listen((what) => {
    if (what === 'freeze' || what === 'wake') isFrozen = what === 'freeze'
  })
  const listeners = new Set<(message: TabMessage) => void>()
  if (name !== undefined) channel = attempt(() => new BroadcastChannel(name))
  if (channel) {
    channel.onmessage = ({ data }) => {
      const message = isFrozen ? undefined : readMessage(data)
      if (message) for (const listener of [...listeners]) listener(message)
    }
  }
  return {
    post: (message) => attempt(() => channel?.postMessage({ v: version, ...message })),
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
