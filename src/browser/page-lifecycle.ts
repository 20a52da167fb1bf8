import type { LifecycleEvent, PageLifecycle } from '../core/environment.js'

/**
 * The lifecycle of the page. No `unload` or `beforeunload`: they keep a page out of the back-forward cache. In a place
 * without a document (a server, a worker) there are no events, and the page counts as visible and online.
 */
export function createPageLifecycle(): PageLifecycle {
  const page = globalThis.document as (Document & { prerendering?: boolean }) | undefined
  return {
    // In other places `onLine` is missing, which says nothing.
    isOnline: () => globalThis.navigator?.onLine !== false,
    isVisible: () => page?.visibilityState !== 'hidden',
    activation() {
      if (!page?.prerendering) return undefined
      return new Promise((resolve) =>
        page.addEventListener('prerenderingchange', () => resolve(), { once: true }),
      )
    },
    listen(listener) {
      // Some environments of tests have a document and no events.
      if (typeof page?.addEventListener !== 'function' || typeof globalThis.addEventListener !== 'function') {
        return () => {}
      }
      const controller = new AbortController()
      const { signal } = controller
      const on = (
        target: EventTarget,
        type: string,
        emitted: LifecycleEvent,
        when = (_: Event) => true,
      ): void => target.addEventListener(type, (event) => when(event) && listener(emitted), { signal })
      on(page, 'visibilitychange', 'wake', () => page.visibilityState === 'visible')
      on(page, 'resume', 'wake')
      on(page, 'prerenderingchange', 'wake')
      on(page, 'freeze', 'freeze')
      on(globalThis, 'pageshow', 'wake', (event) => (event as PageTransitionEvent).persisted)
      on(globalThis, 'pagehide', 'leave')
      on(globalThis, 'online', 'online')
      return () => controller.abort()
    },
  }
}
