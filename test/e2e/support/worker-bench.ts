import { afterAll, afterEach, beforeAll } from 'vitest'
import { bundle } from './bundle.js'
import type { Engine, Tab } from './engine.js'
import type { WorkerApp } from './worker-page.js'
import { startWorkerServer, type WorkerServer } from './worker-server.js'

export interface WorkerTab extends Omit<Tab, 'call'> {
  call<Name extends keyof WorkerApp>(
    name: Name,
    ...args: Parameters<WorkerApp[Name]>
  ): Promise<Awaited<ReturnType<WorkerApp[Name]>>>
}

export interface WorkerBench<E extends Engine> {
  readonly engine: E
  readonly server: WorkerServer
  start(lifetimeMs?: number): Promise<WorkerServer>
  open(path?: string): Promise<WorkerTab & Awaited<ReturnType<E['open']>>>
  /** A tab in which `ada` is signed in, under a worker that guards the origins of files. */
  openGuarded(query?: string, path?: string): Promise<WorkerTab & Awaited<ReturnType<E['open']>>>
}

/** A browser for the tests of one `describe`, and an app with a service worker for each of them. */
export function useWorkerBench<E extends Engine>(launch: () => Promise<E>): WorkerBench<E> {
  let scripts: { page: string; worker: string }
  let engine: E | undefined
  let server: WorkerServer | undefined

  beforeAll(async () => {
    const [page, worker, launched] = await Promise.all([
      bundle('worker-page.ts'),
      bundle('guarding-worker.ts', 'iife'),
      launch(),
    ])
    scripts = { page, worker }
    engine = launched
  })
  afterAll(() => engine?.close())
  afterEach(async () => {
    await engine?.closeTabs()
    await server?.close()
    server = undefined
  })

  const bench: WorkerBench<E> = {
    get engine() {
      if (!engine) throw new Error('The browser is launched before the first test')
      return engine
    },
    get server() {
      if (!server) throw new Error('The test has started no server')
      return server
    },
    async start(lifetimeMs) {
      server = await startWorkerServer({ ...scripts, ...(lifetimeMs !== undefined && { lifetimeMs }) })
      return server
    },
    open: (path = '/') => bench.engine.open(bench.server.app + path) as never,
    async openGuarded(query = guardsFiles(bench.server), path = '/?handOver') {
      const tab = await bench.open(path)
      await tab.call('signIn', 'ada')
      await tab.call('register', query)
      await tab.call('controlled')
      return tab
    },
  }
  return bench
}

export const guardsFiles = ({ app, files, plain }: WorkerServer): string =>
  [app, files, plain].map((origin) => `origin=${encodeURIComponent(origin)}`).join('&')
