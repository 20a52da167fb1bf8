/**
 * Starts a service worker, and waits until this page is in its hands. A page that was loaded past it (a forced reload) is
 * taken up as well.
 *
 * @param script `worker.js` plays the server of the static build, and guards as well; `guard.js` guards alone, beside a real
 *   server
 */
export async function startWorker(script: 'worker.js' | 'guard.js'): Promise<void> {
  const { serviceWorker } = navigator
  if (!serviceWorker) throw new Error('This browser, or a page without https, has no service worker')
  const inHand = new Promise<void>((resolve) => {
    if (serviceWorker.controller) resolve()
    else serviceWorker.addEventListener('controllerchange', () => resolve(), { once: true })
  })
  const url = new URL(`./${script}`, document.baseURI)
  await serviceWorker.register(url, { scope: './', updateViaCache: 'none' })
  const { active } = await serviceWorker.ready
  if (!serviceWorker.controller) active?.postMessage('claim')
  await inHand
}
