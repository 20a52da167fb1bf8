import { expect } from 'vitest'
import { type AuthServer, type AuthServerOptions, startAuthServer } from './auth-server.js'
import { useBench } from './bench.js'
import { bundle } from './bundle.js'
import type { Engine, Tab } from './engine.js'
import { type PageOptions, pageUrl } from './page-options.js'

/** A browser for the tests of one `describe`, and a server of its own for each of them. */
export interface Workbench<E extends Engine> {
  readonly engine: E
  readonly server: AuthServer
  start(options?: Omit<AuthServerOptions, 'script'>): Promise<AuthServer>
  open(options?: PageOptions): Promise<Awaited<ReturnType<E['open']>>>
  /** So many tabs, in all of which `ada` is signed in. */
  openSignedIn(count: number, options?: PageOptions): Promise<Awaited<ReturnType<E['open']>>[]>
}

export function useWorkbench<E extends Engine>(launch: () => Promise<E>, page = 'page.ts'): Workbench<E> {
  const bench = useBench<E, AuthServer, string>(launch, () => bundle(page))
  const open: Workbench<E>['open'] = (options) =>
    bench.engine.open(pageUrl(bench.server.url, options)) as never

  return Object.assign(bench, {
    start: (options?: Omit<AuthServerOptions, 'script'>) =>
      bench.serve(startAuthServer({ script: bench.scripts, ...options })),
    open,
    async openSignedIn(count: number, options?: PageOptions) {
      const tabs = [await open(options)]
      await tabs[0]?.call('signIn', 'ada')
      while (tabs.length < count) tabs.push(await open(options))
      for (const tab of tabs) expect(await tab.call('status')).toBe('signed-in')
      return tabs
    },
  })
}

/** The same call in all tabs at one instant, near enough for all to meet the same expiry. */
export function getInAll(tabs: readonly Tab[], times: number, leadMs = 200): Promise<string[][]> {
  const at = Date.now() + leadMs
  return Promise.all(tabs.map((tab) => tab.call('get', times, at)))
}

/** Until it is so: on a busy machine that takes its time. */
export const eventually = <T>(read: () => T): ReturnType<typeof expect.poll<T>> =>
  expect.poll(read, { timeout: 60_000 })
