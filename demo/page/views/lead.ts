import type { Words } from '../words/words.js'
import { button, create, hint } from './element.js'

/** What the page is about, the one button that shows it, and whom Latchkey is compared with. */
export interface Lead {
  readonly element: HTMLElement
  setBusy(isBusy: boolean): void
}

export function createLead(words: Words, isWorker: boolean, choice: HTMLElement, onStart: () => void): Lead {
  const about = isWorker ? words.aboutStart.worker : words.aboutStart.server
  const start = button(
    words.start,
    { class: 'primary', 'data-testid': 'start', 'aria-describedby': 'about-start' },
    onStart,
  )

  return {
    element: create(
      'div',
      { class: 'lead' },
      create('h1', {}, words.title),
      create('p', {}, words.lead, ' ', create('span', { id: 'about-start' }, about)),
      create(
        'div',
        { class: 'row' },
        start,
        create('div', { class: 'compare-with' }, hint(words.opponents.label), choice),
      ),
    ),
    setBusy(isBusy) {
      // Not `disabled`, which would take the keyboard's place on the page away.
      start.setAttribute('aria-disabled', String(isBusy))
      start.textContent = words.again
    },
  }
}
