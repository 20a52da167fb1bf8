import { createParser, type EventSourceMessage } from 'eventsource-parser'
import type { Fetch } from '../../../src/fetch.js'
import { isAuthError } from '../../../src/index.js'

/** Follows server-sent events until `signal` aborts; `api` is the wrapped fetch. Throws if the server refuses. */
export async function follow(
  api: Fetch,
  url: string,
  onEvent: (event: EventSourceMessage) => void,
  signal: AbortSignal,
): Promise<void> {
  let lastEventId = ''
  let retryMs = 1000
  const parser = createParser({
    onEvent(event) {
      lastEventId = event.id ?? lastEventId
      onEvent(event)
    },
    onRetry(ms) {
      retryMs = ms
    },
  })
  while (!signal.aborted) {
    try {
      const headers = { Accept: 'text/event-stream', ...(lastEventId && { 'Last-Event-ID': lastEventId }) }
      const response = await api(url, { headers, cache: 'no-store', signal })
      if (response.status >= 400 && response.status < 500) throw new Refused(`status ${response.status}`)
      if (response.ok && response.body) {
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
        for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read())
          parser.feed(chunk.value)
      }
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof Refused || (isAuthError(error) && !error.retryable)) throw error
    }
    parser.reset()
    await new Promise((resolve) => setTimeout(resolve, retryMs))
  }
}

class Refused extends Error {}
