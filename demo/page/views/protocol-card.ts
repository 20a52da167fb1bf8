import { type ProtocolName, protocolNames } from '../../backend/protocols/names.js'
import { kits } from '../clients/protocol-kits.js'
import { type Exchange, printExchange } from '../model/exchange.js'
import type { Words } from '../words/words.js'
import { createChoice } from './choice.js'
import { button, card, create, hint } from './element.js'

const copiedForMs = 2_000

/** Which protocol the server speaks, the last refresh as it went over the wire, and what to write for it. */
export interface ProtocolCard {
  readonly element: HTMLElement
  showExchange(exchange: Exchange): void
}

export function createProtocolCard(
  words: Words,
  chosen: ProtocolName,
  isWorker: boolean,
  onChoose: (name: ProtocolName) => void,
): ProtocolCard {
  const text = words.protocol
  const exchange = create('pre', { tabindex: 0, 'data-testid': 'raw-exchange' }, text.none)
  const { code } = kits[chosen]
  const attributes = { class: 'quiet', 'aria-live': 'polite', 'data-testid': 'copy-code' }
  const copy = button(text.copy, attributes, () => {
    void navigator.clipboard.writeText(code).then(() => {
      copy.textContent = text.copied
      setTimeout(() => {
        copy.textContent = text.copy
      }, copiedForMs)
    })
  })

  const choice = createChoice(
    'protocol',
    text.choose,
    protocolNames.map((name) => [name, text.names[name]]),
    chosen,
    onChoose,
  )

  const notes = chosen === 'cookie' ? [hint(text.cookieNote), isWorker ? hint(text.workerNote) : null] : []
  return {
    element: card(
      'protocol',
      text.title,
      hint(text.hint),
      choice.element,
      create(
        'div',
        { class: 'wire' },
        create('div', {}, create('h3', {}, text.exchange), exchange, ...notes),
        create(
          'div',
          {},
          create('div', { class: 'title-row' }, create('h3', {}, text.code), copy),
          create('pre', { class: 'code', tabindex: 0, 'data-testid': 'code' }, code),
        ),
      ),
    ),

    showExchange(last) {
      exchange.textContent = printExchange(last, words.timeline.broken)
    },
  }
}
