import { type SideName, sideNames } from '../backend/side-names.js'
import { realNow } from './clock.js'
import type { Exchange } from './model/exchange.js'
import { shortenTokens } from './shorten.js'

/** Behind the page's own folder, which may have any name. */
const sidePath = new RegExp(`^(${sideNames.join('|')})/\\w+/(.+)$`)

export interface WatchFetchParts {
  /** The path of the folder that the page lies in. */
  folder: string
  send(request: Request, exchange: Exchange): Promise<Response>
  /** What does not go to one of the sides. */
  sendOther: typeof fetch
  /** Called twice for each exchange: when it is sent, and when it has been answered or broken off. */
  tell(exchange: Exchange): void
}

/** A `fetch` that tells what goes over the wire, in a page or in a worker. Changes nothing. */
export function watchFetch({ folder, send, sendOther, tell }: WatchFetchParts): typeof fetch {
  return async (input, init) => {
    const given = input instanceof Request && !init ? input : new Request(input, init)
    const { pathname } = new URL(given.url)
    const [, side, path] =
      sidePath.exec(pathname.startsWith(folder) ? pathname.slice(folder.length) : '') ?? []
    if (!side || !path) return sendOther(input, init)
    // Only a body is used up by being read.
    const request = given.method === 'GET' ? given : given.clone()
    const exchange = await describe(request, side as SideName, path)
    tell(exchange)
    try {
      const reply = await send(given, exchange)
      exchange.reply = await describeReply(reply)
      return reply
    } finally {
      exchange.isCalledOff ||= given.signal.aborted
      exchange.endedAt = realNow()
      tell(exchange)
    }
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
