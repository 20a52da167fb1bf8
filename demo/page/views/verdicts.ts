import type { Verdict } from '../model/verdict.js'
import type { Words } from '../words/words.js'
import { create } from './element.js'
import type { Gallery } from './gallery.js'

/** The outcome at a glance: one sentence about both, and a tile for each client that took part. */
export interface Verdicts {
  readonly element: HTMLElement
  /** `ruling` is empty while it is not over, and is read out once it is there. */
  show(verdicts: readonly Verdict[], ruling: string, isOver: boolean): void
}

export function createVerdicts({ sides }: Words, gallery: Gallery): Verdicts {
  const tiles = create('div', { class: 'verdicts', 'data-testid': 'verdicts' })
  const sentence = create('span')
  /** What the tiles show, for whoever only hears that it is over. */
  const spoken = create('span', { class: 'visually-hidden' })
  const outcome = create(
    'p',
    { class: 'ruling', role: 'status', 'data-testid': 'outcome' },
    sentence,
    ' ',
    spoken,
  )
  let shown = ''

  return {
    element: create('div', { class: 'outcome' }, outcome, tiles),
    show(verdicts, ruling, isOver) {
      const key = JSON.stringify([verdicts, ruling, isOver])
      if (key === shown) return
      shown = key
      tiles.replaceChildren(
        ...verdicts.map(({ side, tone, standing, calls, remark }) =>
          create(
            'div',
            { class: `verdict ${tone}`, 'data-testid': `verdict-${side}` },
            create('p', { class: 'side' }, sides[side]),
            create('p', { class: 'figure' }, standing),
            create('p', {}, calls),
            gallery.elementOf(side),
            remark ? create('p', { class: 'remark' }, remark) : null,
          ),
        ),
      )
      sentence.textContent = ruling
      spoken.textContent = isOver
        ? verdicts
            .map(({ side, standing, calls, remark }) => `${sides[side]}: ${standing}. ${calls}. ${remark}`)
            .join(' ')
        : ''
    },
  }
}
