import { onTestFinished } from 'vitest'

/** What somebody touched of the world around: names of globals that were read or called. */
export interface Touched {
  readonly names: readonly string[]
}

const calls = [
  'addEventListener',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'requestIdleCallback',
  'fetch',
]
const constructors = [
  'BroadcastChannel',
  'Worker',
  'SharedWorker',
  'MessageChannel',
  'WebSocket',
  'XMLHttpRequest',
]
const properties = ['localStorage', 'sessionStorage', 'indexedDB', 'caches']

/** Watches listeners, timers, storages, channels and the network until the test is over, and lets them work. */
export function watchSideEffects(): Touched {
  const names: string[] = []
  const touch = (name: string): void => void names.push(name)

  function replace(owner: object, name: string, descriptor: PropertyDescriptor): void {
    const before = Object.getOwnPropertyDescriptor(owner, name)
    Object.defineProperty(owner, name, { configurable: true, ...descriptor })
    onTestFinished(() => {
      if (before) Object.defineProperty(owner, name, before)
      else Reflect.deleteProperty(owner, name)
    })
  }

  for (const name of properties) {
    const value: unknown = Reflect.get(globalThis, name)
    const get = (): unknown => {
      touch(name)
      return value
    }
    if (name in globalThis) replace(globalThis, name, { get })
  }
  for (const name of [...calls, ...constructors]) {
    const value = Reflect.get(globalThis, name) as ((...args: unknown[]) => unknown) | undefined
    if (typeof value !== 'function') continue
    const watched = new Proxy(value, {
      apply(target, self, args) {
        touch(name)
        return Reflect.apply(target, self, args)
      },
      construct(target, args) {
        touch(name)
        return Reflect.construct(target as never, args)
      },
    })
    replace(globalThis, name, { value: watched, writable: true })
  }
  for (const owner of [globalThis.document, globalThis.process, globalThis.navigator]) {
    for (const name of ['addEventListener', 'on']) {
      if (typeof Reflect.get(owner ?? {}, name) === 'function')
        replace(owner, name, { value: () => touch(name) })
    }
  }
  return { names }
}
