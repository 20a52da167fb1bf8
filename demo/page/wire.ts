import type { SideName } from '../backend/side-names.js'
import type { Exchange } from './model/exchange.js'
import { watchFetch } from './watch-fetch.js'

/** This tab's line to the server: sees what goes over it, and can be cut. */
export interface Wire {
  readonly isCut: boolean
  cut(): void
  mend(): void
  /** Does it over a line that is not cut, for the demo's own sake. */
  aside<T>(work: () => Promise<T>): Promise<T>
  /** Breaks off what is still under way, so that it does not reach into the next run. */
  hangUp(side: SideName): void
  /** Tells of each exchange twice: when it is sent, and when it has been answered or broken off. */
  listen(listener: (exchange: Exchange) => void): void
  /** Tells of an exchange that went over another line: that of a frame, or of a service worker. */
  relay(exchange: Exchange): void
}

/** What the demo tells its server behind the page's back does not go over the line. */
const behindItsBack = 'auth/expire'

/**
 * Stands between the page and `fetch`, as telemetry does, so that the picture shows what was really sent and not what
 * somebody says about it. Changes nothing, unless it is cut.
 */
export function tapWire(): Wire {
  const realFetch = window.fetch.bind(window)
  const listeners: ((exchange: Exchange) => void)[] = []
  /** Those of others, by their id: each is told twice, as a copy where it comes from a worker. */
  const relayed = new Map<string, Exchange>()
  const underWay = new Map<AbortController, SideName>()
  let isCut = false
  let isAside = false

  const tell = (exchange: Exchange): void => {
    for (const listener of listeners) listener(exchange)
  }

  async function send(request: Request, exchange: Exchange): Promise<Response> {
    const line = new AbortController()
    underWay.set(line, exchange.side)
    try {
      const isDead = isCut && !isAside && exchange.path !== behindItsBack
      if (isDead) throw new TypeError('Failed to fetch')
      return await realFetch(request, { signal: AbortSignal.any([request.signal, line.signal]) })
    } finally {
      underWay.delete(line)
      exchange.isCalledOff = line.signal.aborted
    }
  }

  function setCut(value: boolean): void {
    if (isCut === value) return
    isCut = value
    // What a browser does when its network goes and comes.
    Object.defineProperty(navigator, 'onLine', { value: !isCut, configurable: true })
    window.dispatchEvent(new Event(isCut ? 'offline' : 'online'))
  }

  window.fetch = watchFetch({
    folder: new URL('./', document.baseURI).pathname,
    send,
    sendOther: realFetch,
    tell,
  })
  return {
    get isCut() {
      return isCut
    },
    cut: () => setCut(true),
    mend: () => setCut(false),
    async aside(work) {
      isAside = true
      try {
        return await work()
      } finally {
        isAside = false
      }
    },
    hangUp(side) {
      for (const [line, whose] of underWay) if (whose === side) line.abort()
    },
    listen: (listener) => listeners.push(listener),
    relay(exchange) {
      const known = relayed.get(exchange.id) ?? exchange
      if (exchange.endedAt === null) relayed.set(exchange.id, known)
      else relayed.delete(exchange.id)
      tell(Object.assign(known, exchange))
    },
  }
}
