export interface Emitter<T> {
  /** Adds a listener, calls it with `first` at once where that is given, and returns its removal. */
  add(listener: (value: T) => void, first?: T): () => void
  /** Several values are emitted as one: what a listener emits meanwhile comes after them. */
  emit(...values: readonly T[]): void
  clear(): void
  readonly size: number
}

/**
 * Listeners are independent: one that throws stops neither the others nor the emitter, and a value that a listener emits
 * reaches everybody after the present one, so that all see the same order.
 */
export function createEmitter<T>(onListenerError: (error: unknown, value: T) => void): Emitter<T> {
  const listeners = new Set<(value: T) => void>()
  const queue: T[] = []
  let isEmitting = false

  function call(listener: (value: T) => void, value: T): void {
    try {
      const result: unknown = listener(value)
      // An async listener fits the type as well.
      if (result instanceof Promise) result.catch((error) => onListenerError(error, value))
    } catch (error) {
      onListenerError(error, value)
    }
  }

  return {
    add(listener, first) {
      const own: typeof listener = (value) => listener(value)
      listeners.add(own)
      if (first !== undefined) call(own, first)
      return () => listeners.delete(own)
    },
    emit(...values) {
      queue.push(...values)
      if (isEmitting) return
      isEmitting = true
      while (queue.length > 0) {
        const next = queue.shift() as T
        for (const listener of [...listeners]) if (listeners.has(listener)) call(listener, next)
      }
      isEmitting = false
    },
    clear: () => listeners.clear(),
    get size() {
      return listeners.size
    },
  }
}
