import type { SideName } from '../backend/side-names.js'
import { realNow } from './clock.js'
import type { Exchange } from './model/exchange.js'

/** The exchange of an `<img>`, which goes past `fetch`: what is known of it is what the browser's own timing tells. */
export function beginImageExchange(side: SideName, path: string, url: string): Exchange {
  return {
    id: crypto.randomUUID(),
    side,
    path,
    sentAt: realNow(),
    endedAt: null,
    request: { line: `GET ${new URL(url).pathname}`, headers: [], body: '' },
    reply: null,
    isCalledOff: false,
  }
}

export function endImageExchange(exchange: Exchange, url: string): Exchange {
  const [timing] = performance.getEntriesByName(url).slice(-1) as PerformanceResourceTiming[]
  const status = timing?.responseStatus
  return { ...exchange, endedAt: realNow(), reply: status ? { status, headers: [], body: '' } : null }
}
