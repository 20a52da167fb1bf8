/** What is used of a service worker's `self`. Its own types are in TypeScript's library `WebWorker` alone. */
export interface WorkerScope {
  addEventListener(type: string, listener: (event: Event) => void): void
}

/** An event that keeps the worker alive. */
export interface ExtendableEvent {
  waitUntil(work: Promise<unknown>): void
}

export interface FetchEvent extends ExtendableEvent {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}

export interface ExtendableMessageEvent extends ExtendableEvent {
  readonly data: unknown
  readonly ports: readonly MessagePort[]
}
