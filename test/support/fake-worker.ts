import type { WorkerScope } from '../../src/service-worker/worker-scope.js'

/** A service worker's `self`, in which the test makes things happen. */
export interface FakeWorker extends WorkerScope {
  /** What comes of a request of a page; `undefined` where nobody answers, so that the browser sends it. */
  fetch(request: Request): Promise<Response> | undefined
  /** A page posts a message; resolves when the worker need live no longer for its sake. */
  post(data: unknown, ...ports: MessagePort[]): Promise<unknown>
  /** What the worker was kept alive for. */
  readonly kept: Promise<unknown>[]
}

export function createFakeWorker(): FakeWorker {
  const listeners: { type: string; listener: (event: Event) => void }[] = []
  const kept: Promise<unknown>[] = []
  const waitUntil = (work: Promise<unknown>): void => void kept.push(work)

  function dispatch(type: string, event: object, isStopped = (): boolean => false): void {
    for (const each of listeners) if (each.type === type && !isStopped()) each.listener(event as Event)
  }

  return {
    kept,
    addEventListener: (type, listener) => void listeners.push({ type, listener }),
    fetch(request) {
      let response: Promise<Response> | undefined
      const respondWith = (given: Promise<Response>): void => {
        response = given
      }
      dispatch('fetch', { request, respondWith, waitUntil }, () => response !== undefined)
      return response
    },
    async post(data, ...ports) {
      const before = kept.length
      dispatch('message', { data, ports, waitUntil })
      return Promise.all(kept.slice(before))
    },
  }
}
