/** What a service worker has, as far as this one needs it; TypeScript has no room for it beside the page's globals. */
interface WorkerScope {
  readonly registration: { readonly scope: string }
  readonly clients: { claim(): Promise<void> }
  skipWaiting(): Promise<void>
  addEventListener(type: 'install' | 'activate' | 'message', listener: (event: WaitingEvent) => void): void
  addEventListener(type: 'fetch', listener: (event: FetchingEvent) => void): void
  addEventListener(type: string, listener: (event: Event) => void): void
}

interface WaitingEvent {
  readonly data?: unknown
  waitUntil(work: Promise<unknown>): void
}

interface FetchingEvent extends WaitingEvent {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}
