import { create, createSvg } from './element.js'
import { hasStep, type Run } from './run.js'

const bar = 'M0 2h18v8h-18z'
const disc = 'M5 6a4 4 0 1 0 8 0a4 4 0 1 0-8 0z'

const entries = [
  { kind: 'refresh', text: 'refresh', path: bar },
  { kind: 'sent', text: 'sent', path: bar },
  { kind: 'refused', text: 'refused', path: 'M5.5 2.5l7 7m-7 0l7-7' },
  { kind: 'held', text: 'held back', path: 'M.5 2.5h17v7h-17z' },
  { kind: 'sent-again', text: 'sent again', path: bar },
  { kind: 'answered', text: 'answered', path: disc },
  { kind: 'failed', text: 'failed', path: disc },
] as const

/** What the shapes of this run mean: told by shape and by colour, for not everybody sees both. */
export function showLegend(list: HTMLElement, run: Run): void {
  const shown = entries.filter(({ kind }) =>
    kind === 'refresh' ? run.refreshes.length > 0 : run.calls.some((call) => hasStep(call, kind)),
  )
  list.replaceChildren(
    ...shown.map(({ kind, text, path }) => {
      const shape = createSvg('path', { class: kind, d: path })
      return create('li', {}, createSvg('svg', { viewBox: '0 0 18 12', 'aria-hidden': 'true' }, shape), text)
    }),
  )
}
