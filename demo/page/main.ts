import { skewClock } from './clock.js'
import { readLink } from './link.js'
import { startWorker } from './start-worker.js'
import { takeWebLocks } from './web-locks.js'
import { tapWire } from './wire.js'

const link = readLink(location.hash)

// Before the library is there: it finds the clock, the lock and the wire as they are now.
skewClock(link.skewMinutes * 60_000)
const locks = takeWebLocks(link.hasWebLocks)
const wire = tapWire()

// The demo's own server says that it is there; anywhere else a service worker plays it.
const isWorker = !document.querySelector('meta[name=demo-server]')
try {
  const worker = isWorker ? startWorker('worker.js') : null
  const { searchParams } = new URL(location.href)
  if (searchParams.get('tab') === 'app') {
    const [{ startFramedApp }] = await Promise.all([import('./framed-app.js'), worker])
    await startFramedApp(searchParams.get('side') === 'with-worker' ? 'with-worker' : 'without-worker', wire)
  } else if (searchParams.get('tab') === 'frame') {
    const [{ startFrameTab }] = await Promise.all([import('./frame-tab.js'), worker])
    await startFrameTab({ link, locks, wire })
  } else {
    const [{ startApp }] = await Promise.all([import('./app.js'), worker])
    await startApp({ link, locks, wire, isWorker })
  }
} catch (error) {
  const told = document.createElement('p')
  told.className = 'fatal'
  told.role = 'alert'
  told.textContent = `The demo could not start: ${error instanceof Error ? error.message : error}`
  document.body.append(told)
}

// A link to another scenario in the page that is open already.
window.addEventListener('hashchange', () => location.reload())
