import { type SideName, sideNames } from '../backend/side-names.js'
import { realNow } from './clock.js'
import type { Exchange } from './model/exchange.js'
import { shortenTokens } from './shorten.js'

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
}

/** Behind the page's own folder, which may have any name. */
const sidePath = new RegExp(`^(${sideNames.join('|')})/\\w+/(.+)$`)
/** What the demo tells its server behind the page's back does not go over the line. */
const behindItsBack = 'auth/expire'

/**
 * Stands between the page and `fetch`, as telemetry does, so that the picture shows what was really sent and not what
 * somebody says about it. Changes nothing, unless it is cut.
 */
export function tapWire(): Wire {
  const realFetch = window.fetch.bind(window)
  const listeners: ((exchange: Exchange) => void)[] = []
  const { pathname: folder } = new URL('./', document.baseURI)
  const underWay = new Map<AbortController, SideName>()
  let isCut = false
  let isAside = false

  const tell = (exchange: Exchange): void => {
    for (const listener of listeners) listener(exchange)
  }

  async function tapped(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const given = input instanceof Request ? input : new Request(input, init)
    // Only a body is used up by being read.
    const request = given.method === 'GET' ? given : given.clone()
    const { pathname } = new URL(request.url)
    const [, side, path] =
      sidePath.exec(pathname.startsWith(folder) ? pathname.slice(folder.length) : '') ?? []
    if (!side || !path) return realFetch(input, init)
    const exchange = await describe(request, side as SideName, path)
    const line = new AbortController()
    underWay.set(line, exchange.side)
    tell(exchange)
    try {
      const isDead = isCut && !isAside && exchange.path !== behindItsBack
      if (isDead) throw new TypeError('Failed to fetch')
      const reply = await realFetch(given, { signal: AbortSignal.any([given.signal, line.signal]) })
      exchange.reply = await describeReply(reply)
      return reply
    } finally {
      underWay.delete(line)
      exchange.isCalledOff = given.signal.aborted || line.signal.aborted
      exchange.endedAt = realNow()
      tell(exchange)
    }
  }

  function setCut(value: boolean): void {
    if (isCut === value) return
    isCut = value
    // What a browser does when its network goes and comes.
    Object.defineProperty(navigator, 'onLine', { value: !isCut, configurable: true })
    window.dispatchEvent(new Event(isCut ? 'offline' : 'online'))
  }

  window.fetch = tapped
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
  }
}

async function describe(request: Request, side: SideName, path: string): Promise<Exchange> {
  const sentAt = realNow()
  return {
    id: crypto.randomUUID(),
    side,
    path,
    sentAt,
    endedAt: null,
    request: {
      line: `${request.method} ${new URL(request.url).pathname}`,
      headers: headersOf(request.headers),
      body: request.method === 'GET' ? '' : shortenTokens(await request.text()),
    },
    reply: null,
    isCalledOff: false,
  }
}

/** `null` for a reply that breaks off: whoever reads it will find out as well. */
async function describeReply(reply: Response): Promise<Exchange['reply']> {
  try {
    const body = shortenTokens(await reply.clone().text())
    return { status: reply.status, headers: headersOf(reply.headers), body }
  } catch {
    return null
  }
}

/** Those that somebody chose; a browser adds many more of its own. */
const shownHeaders =
  /^(authorization|authorization-refresh|refresh|x-requested-with|content-type|www-authenticate|retry-after)$/

function headersOf(headers: Headers): [string, string][] {
  return [...headers]
    .filter(([name]) => shownHeaders.test(name))
    .map(([name, value]) => [properCase(name), shortenTokens(value)])
}

const spellings: Record<string, string> = {
  'www-authenticate': 'WWW-Authenticate',
  'authorization-refresh': 'Authorization-refresh',
}

/** Fetch makes all names small; people write them so. */
function properCase(name: string): string {
  return spellings[name] ?? name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
}
