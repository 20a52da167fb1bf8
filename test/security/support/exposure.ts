import { expect, onTestFinished, vi } from 'vitest'
import { findSecrets } from './leaks.js'
import type { Stage } from './stage.js'

/** All that others can see of what the library does: console, channel, storage keys, URLs, the window. */
export interface Exposure {
  /** One more thing that somebody got to see. */
  add(where: string, value: unknown): void
  expectNone(secrets: readonly string[], stage: Stage): void
}

/** Listens from now on until the test is over. */
export function watchExposure(): Exposure {
  const shown: [where: string, value: unknown][] = []
  const add = (where: string, value: unknown): void => void shown.push([where, value])
  const windowKeys = new Set(Reflect.ownKeys(globalThis))

  const spies = (['debug', 'error', 'info', 'log', 'trace', 'warn'] as const).map((method) =>
    vi.spyOn(console, method).mockImplementation((...line) => add(`console.${method}`, line)),
  )
  const post = vi.spyOn(BroadcastChannel.prototype, 'postMessage')
  post.mockImplementation((message) => add('the channel', message))
  onTestFinished(() => {
    for (const spy of [...spies, post]) spy.mockRestore()
  })

  return {
    add,
    expectNone(secrets, { session, api, events, states, sent, refreshes }) {
      add('the events', events)
      add('the states', states)
      add('the state', session.state)
      add('the session', session)
      add('the instance', [api, api.defaults, api.interceptors])
      add(
        'the URLs',
        [...sent, ...refreshes].map(({ url }) => url),
      )
      add('the keys of the storages', [localStorage, sessionStorage].map(Object.keys))
      add('the document', [
        document.documentElement.outerHTML,
        document.cookie,
        document.title,
        location.href,
      ])
      for (const key of Reflect.ownKeys(globalThis)) {
        if (!windowKeys.has(key)) add(`window.${String(key)}`, [key, Reflect.get(globalThis, key)])
      }
      const leaks = shown.flatMap(([where, value]) =>
        findSecrets(value, secrets).map((path) => `${where}: ${path}`),
      )
      expect(leaks).toEqual([])
    },
  }
}
