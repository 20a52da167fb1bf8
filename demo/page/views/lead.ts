import type { Words } from '../words/words.js'
import { button, create, hint } from './element.js'

/** What the page is about, and the one button that shows it. */
export interface Lead {
  readonly element: HTMLElement
  setBusy(isBusy: boolean): void
}

export function createLead(words: Words, isWorker: boolean, onStart: () => void): Lead {
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
      create('p', {}, words.lead),
      create('div', { class: 'row' }, start, hint(about, { id: 'about-start' })),
    ),
    /** Not `disabled`, which would take the keyboard's place on the page away. */
    setBusy: (isBusy) => start.setAttribute('aria-disabled', String(isBusy)),
  }
}
