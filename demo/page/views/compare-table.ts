import type { SideCounters } from '../../backend/index.js'
import { isOpponent, type SideName } from '../../backend/side-names.js'
import { opponents } from '../clients/opponents/index.js'
import type { AllCounters } from '../control.js'
import { endOf, hasFailed, hasStep, type Lane } from '../model/lane.js'
import type { Run } from '../model/run.js'
import type { Words } from '../words/words.js'
import { create, hint } from './element.js'

type RowName = keyof Words['compare']['rows']

/** Both clients side by side, by the server's own counters. */
export interface CompareTable {
  readonly element: HTMLElement
  show(run: Run, lanes: readonly Lane[]): void
  showCounters(counters: AllCounters): void
}

export function createCompareTable(words: Words): CompareTable {
  const text = words.compare
  const names = Object.keys(text.rows) as RowName[]
  const head = create('tr')
  const body = create('tbody', { 'data-testid': 'compare' })
  const counted = hint('', { 'data-testid': 'counted' })
  const table = create(
    'table',
    { class: 'compare', 'aria-labelledby': 'compare-title' },
    create('thead', {}, head),
    body,
  )
  const codeTitle = create('summary')
  const code = create('pre', { tabindex: 0, 'data-testid': 'opponent-code' })
  const lines = create('details', { class: 'more' }, codeTitle, code)
  const element = create(
    'div',
    { class: 'comparison', hidden: true },
    create('h3', { id: 'compare-title' }, text.title),
    table,
    hint(text.hint),
    counted,
    lines,
  )

  function showCode(sides: readonly SideName[]): void {
    const opponent = sides.find(isOpponent)
    lines.hidden = !opponent
    if (!opponent) return
    codeTitle.textContent = text.code(words.sides[opponent])
    code.textContent = opponents[opponent].code.trim()
  }

  function cell(row: RowName, side: SideName, run: Run, lanes: readonly Lane[]): HTMLElement {
    const gain = run.gains[side]
    const own = lanes.filter((lane) => lane.side === side)
    const value = gain && figureOf(row, gain, own, run.startedAt[side])
    const isBad = (value ?? 0) > 0 && ['failed', 'reuseDetected', 'sessionsLost'].includes(row)
    const attributes = { 'data-testid': `${side}-${row}`, class: isBad ? 'bad' : '' }
    if (value === undefined || value === null) return create('td', attributes, '–')
    return create('td', attributes, row === 'lastAnswer' ? words.timeline.seconds(value) : String(value))
  }

  return {
    element,

    show(run, lanes) {
      element.hidden = Object.keys(run.gains).length === 0
      showCode(run.sides)
      head.replaceChildren(
        create('td'),
        ...run.sides.map((side) => create('th', { scope: 'col' }, words.sides[side])),
      )
      body.replaceChildren(
        ...names.map((row) =>
          create(
            'tr',
            {},
            create('th', { scope: 'row' }, text.rows[row]),
            ...run.sides.map((side) => cell(row, side, run, lanes)),
          ),
        ),
      )
    },

    showCounters({ latchkey: { requests, refreshes, sessions } }) {
      counted.textContent = text.counted(requests, refreshes, sessions)
    },
  }
}

/** By the server's counters; what it cannot know, by what the callers got. */
function figureOf(row: RowName, gain: SideCounters, lanes: readonly Lane[], startedAt = 0): number | null {
  switch (row) {
    case 'failed':
      return lanes.filter((lane) => lane.kind === 'call' && hasFailed(lane)).length
    case 'lastAnswer': {
      const answered = lanes.filter((lane) => lane.kind === 'call' && hasStep(lane, 'answered'))
      return answered.length > 0 ? Math.max(...answered.map(endOf)) - startedAt : null
    }
    default:
      return gain[row]
  }
}
