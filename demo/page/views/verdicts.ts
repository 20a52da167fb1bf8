import type { Verdict } from '../model/story.js'
import type { Words } from '../words/words.js'
import { create } from './element.js'

/** The outcome at a glance: one tile for each client that took part. */
export interface Verdicts {
  readonly element: HTMLElement
  show(verdicts: readonly Verdict[]): void
}

export function createVerdicts({ sides }: Words): Verdicts {
  const element = create('div', { class: 'verdicts', 'data-testid': 'verdicts' })
  let shown = ''

  return {
    element,
    show(verdicts) {
      const key = JSON.stringify(verdicts)
      if (key === shown) return
      shown = key
      element.replaceChildren(
        ...verdicts.map(({ side, tone, figure, text }) =>
          create(
            'div',
            { class: `verdict ${tone}`, 'data-testid': `verdict-${side}` },
            create('p', { class: 'side' }, sides[side]),
            create('p', { class: 'figure' }, figure),
            create('p', {}, text),
          ),
        ),
      )
    },
  }
}
