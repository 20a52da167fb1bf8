import type { TabChannel, TabMessage } from '../core/environment.js'

/** Version of the messages' shape: another version's are ignored. */
const version = 1

/** Anything on the origin can write to the channel: what is not one of ours is passed over. */
function readMessage(data: unknown): TabMessage | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const { v, type, until, session } = data as Record<string, unknown>
  if (v !== version) return undefined
  if (type === 'cool-down') return typeof until === 'number' && until < Infinity ? { type, until } : undefined
  if (type === 'ended') return typeof session === 'string' ? { type, session } : undefined
  return type === 'changed' || type === 'ping' || type === 'alive' ? { type } : undefined
}

/** A `BroadcastChannel`; mute without a name, or where there is none. `close` is for good. */
export function createTabChannel(name: string | undefined): TabChannel & { close(): void } {
  let channel: BroadcastChannel | undefined
  const listeners = new Set<(message: TabMessage) => void>()
  if (name !== undefined && 'BroadcastChannel' in globalThis) {
    channel = new BroadcastChannel(name)
    channel.onmessage = ({ data }) => {
      const message = readMessage(data)
      if (message) for (const listener of [...listeners]) listener(message)
    }
  }
  return {
    post: (message) => channel?.postMessage({ v: version, ...message }),
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      channel?.close()
      channel = undefined
    },
  }
}
