/** As Workbox's types name it. It is in TypeScript's library `WebWorker`, which has no room beside that of the DOM. */
interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void
}
