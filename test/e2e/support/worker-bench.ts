import { useBench } from './bench.js'
import { bundle } from './bundle.js'
import { type Checkpoint, createCheckpoint } from './checkpoint.js'
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
  start(): Promise<WorkerServer>
  open(path?: string): Promise<WorkerTab & Awaited<ReturnType<E['open']>>>
  openAt(url: string): Promise<WorkerTab & Awaited<ReturnType<E['open']>>>
  /** A tab in which `ada` is signed in, under a worker that guards the origins of files. */
  openGuarded(query?: string, path?: string): Promise<WorkerTab & Awaited<ReturnType<E['open']>>>
  /** Expires the access tokens; the refresh waits at the server until the checkpoint is opened. */
  holdRefresh(): Checkpoint
}

/** A browser for the tests of one `describe`, and an app with a service worker for each of them. */
export function useWorkerBench<E extends Engine>(
  launch: () => Promise<E>,
  worker = 'guarding-worker.ts',
): WorkerBench<E> {
  const bench = useBench<E, WorkerServer, { page: string; worker: string }>(launch, async () => {
    const [page, script] = await Promise.all([bundle('worker-page.ts'), bundle(worker, 'iife')])
    return { page, worker: script }
  })
  const openAt: WorkerBench<E>['openAt'] = (url) => bench.engine.open(url) as never
  const open: WorkerBench<E>['open'] = (path = '/') => openAt(bench.server.app + path)

  return Object.assign(bench, {
    start: () => bench.serve(startWorkerServer(bench.scripts)),
    open,
    openAt,
    async openGuarded(query = guardsFiles(bench.server), path = '/?handOver') {
      const tab = await open(path)
      await tab.call('signIn', 'ada')
      await tab.call('register', query)
      await tab.call('controlled')
      return tab
    },
    holdRefresh() {
      const checkpoint = createCheckpoint()
      bench.server.expire()
      bench.server.nextRefresh({ beforeRotation: checkpoint })
      return checkpoint
    },
  })
}

export const guardsFiles = ({ app, files, plain }: WorkerServer): string =>
  [app, files, plain].map((origin) => `origin=${encodeURIComponent(origin)}`).join('&')
