/** A `BroadcastChannel` that hands over what a browser would, in a task of its own, and counts who is open. */
export function createFakeBroadcastChannels() {
  const open = new Set<FakeBroadcastChannel>()

  class FakeBroadcastChannel {
    readonly name: string
    onmessage: ((event: { data: unknown }) => void) | null = null

    constructor(name: string) {
      this.name = name
      open.add(this)
    }

    postMessage(message: unknown): void {
      if (!open.has(this)) throw new DOMException('Channel is closed', 'InvalidStateError')
      const data: unknown = structuredClone(message)
      for (const other of open) {
        if (other !== this && other.name === this.name) {
          setImmediate(() => open.has(other) && other.onmessage?.({ data }))
        }
      }
    }

    close(): void {
      open.delete(this)
    }
  }

  return { open: open as ReadonlySet<unknown>, BroadcastChannel: FakeBroadcastChannel }
}
