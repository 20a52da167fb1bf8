import type { PageSignal, PageSignals } from '../core/environment.js'

/**
 * The page's life. No `unload` or `beforeunload`: they keep a page out of the back-forward cache. In a place without a
 * document (a server, a worker, React Native) there is nothing to hear, and the page counts as visible and online.
 */
export function createPageSignals(): PageSignals {
  const page = globalThis.document as Document | undefined
  return {
    // In other places `onLine` is missing, which is no news.
    isOnline: () => globalThis.navigator?.onLine !== false,
    isVisible: () => page?.visibilityState !== 'hidden',
    listen(listener) {
      if (!page) return () => {}
      const abort = new AbortController()
      const { signal } = abort
      const hear = (target: EventTarget, type: string, what: PageSignal, when = (_: Event) => true): void =>
        target.addEventListener(type, (event) => when(event) && listener(what), { signal })
      hear(page, 'visibilitychange', 'wake', () => page.visibilityState === 'visible')
      hear(page, 'resume', 'wake')
      hear(page, 'freeze', 'freeze')
      hear(globalThis, 'pageshow', 'wake', (event) => (event as PageTransitionEvent).persisted)
      hear(globalThis, 'pagehide', 'leave')
      hear(globalThis, 'online', 'online')
      return () => abort.abort()
    },
  }
}
