import { hasFailed, hasStep, isOver, type Lane } from '../model/lane.js'
import type { Words } from '../words/words.js'
import { create, createSvg } from './element.js'
import type { Scene } from './timeline.js'

const bar = 'M0 2h18v8h-18z'
const disc = 'M5 6a4 4 0 1 0 8 0a4 4 0 1 0-8 0z'

const entries = [
  { kind: 'refresh', path: bar },
  { kind: 'refresh-failed', path: 'M.5 2.5h17v7h-17z' },
  { kind: 'sent', path: bar },
  { kind: 'refused', path: 'M5.5 2.5l7 7m-7 0l7-7' },
  { kind: 'held', path: 'M.5 2.5h17v7h-17z' },
  { kind: 'sent-again', path: bar },
  { kind: 'answered', path: disc },
  { kind: 'failed', path: disc },
] as const

/** What the shapes in the picture mean: told by shape and by colour, for not everybody sees both. */
export function showLegend(
  list: HTMLElement,
  { lanes, isOver: isSceneOver }: Scene,
  { timeline }: Words,
): void {
  const isBad = (lane: Lane): boolean => lane.errorCode !== null || (isSceneOver && !isOver(lane))
  const calls = lanes.filter(({ kind }) => kind === 'call')
  const refreshes = lanes.filter(({ kind }) => kind === 'refresh')
  const shown = entries.filter(({ kind }) => {
    if (kind === 'refresh') return !refreshes.every(isBad)
    if (kind === 'refresh-failed') return refreshes.some(isBad)
    if (kind === 'failed') return calls.some(hasFailed)
    return calls.some((lane) => hasStep(lane, kind))
  })
  const key = shown.map(({ kind }) => kind).join(' ')
  if (list.dataset.key === key) return
  list.dataset.key = key
  list.replaceChildren(
    ...shown.map(({ kind, path }) => {
      const shape = createSvg('path', { class: kind, d: path })
      const icon = createSvg('svg', { viewBox: '0 0 18 12', 'aria-hidden': 'true' }, shape)
      return create('li', {}, icon, timeline.legend[kind])
    }),
  )
}
