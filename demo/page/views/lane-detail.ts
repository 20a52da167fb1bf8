import { printExchange } from '../model/exchange.js'
import type { Lane } from '../model/lane.js'
import { tellLane } from '../model/story.js'
import type { Words } from '../words/words.js'
import { create } from './element.js'

/** What the line under the cursor went through, and every exchange it had with the server. */
export function showLane(place: HTMLElement, lane: Lane | null, startedAt: number, words: Words): void {
  const { timeline } = words
  if (!lane) {
    place.replaceChildren(create('p', { class: 'hint' }, timeline.help))
    return
  }
  const title = lane.kind === 'refresh' ? timeline.refresh : timeline.call(lane.number)
  place.replaceChildren(
    create(
      'p',
      {},
      create('strong', {}, `${words.sides[lane.side]}, ${title}`),
      `: ${tellLane(lane, startedAt, words)}.`,
    ),
    create(
      'div',
      { class: 'exchanges' },
      ...lane.exchanges.map((exchange) =>
        create('pre', { tabindex: 0 }, printExchange(exchange, timeline.broken)),
      ),
    ),
  )
}
