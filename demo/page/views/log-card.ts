import type { LogEntry } from '../model/log-entry.js'
import { clockTime, type Words } from '../words/words.js'
import { button, card, create, hint } from './element.js'

const mostEntries = 2_000
const mostRows = 100
const drawAfterMs = 150

/** The session's events from every tab: to be filtered, and to be taken along. */
export interface LogCard {
  readonly element: HTMLElement
  add(entry: LogEntry): void
}

export function createLogCard(words: Words): LogCard {
  const text = words.log
  let entries: LogEntry[] = []
  let timer: ReturnType<typeof setTimeout> | null = null
  const body = create('tbody', { 'data-testid': 'log-rows' })
  const status = create('p', { class: 'hint', role: 'status', 'data-testid': 'log-count' }, text.nothing)
  const kind = create(
    'select',
    { id: 'field-kind', 'data-testid': 'log-kind' },
    create('option', { value: '' }, text.all),
  )
  const search = create('input', {
    id: 'field-search',
    type: 'search',
    autocomplete: 'off',
    'data-testid': 'log-search',
  })
  const { at, tab, type, details } = text.columns
  const element = card(
    'log',
    text.title,
    hint(text.hint),
    create(
      'div',
      { class: 'filters', role: 'group', 'aria-label': text.filter },
      create('div', { class: 'field' }, create('label', { for: 'field-kind' }, text.kind), kind),
      create('div', { class: 'field' }, create('label', { for: 'field-search' }, text.search), search),
      button(text.export, { 'data-testid': 'log-export' }, () => save(chosen())),
      button(text.clear, { class: 'quiet', 'data-testid': 'log-clear' }, () => {
        entries = []
        draw()
      }),
    ),
    status,
    create(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': text.list },
      create(
        'table',
        {},
        create(
          'thead',
          {},
          create('tr', {}, ...[at, tab, type, details].map((name) => create('th', { scope: 'col' }, name))),
        ),
        body,
      ),
    ),
  )

  function chosen(): LogEntry[] {
    const wanted = search.value.trim().toLowerCase()
    return entries.filter(
      ({ event, tab }) =>
        (kind.value === '' || event.type === kind.value) &&
        (wanted === '' || `${tab} ${JSON.stringify(event)}`.toLowerCase().includes(wanted)),
    )
  }

  /** The newest first, and no more of them than anyone reads. */
  function draw(): void {
    const matches = chosen()
    status.textContent =
      entries.length === 0
        ? text.nothing
        : matches.length === 0
          ? text.noMatch
          : text.shown(matches.length, entries.length, mostRows)
    body.replaceChildren(...matches.slice(-mostRows).reverse().map(row))
  }

  /** Once for all that comes within a moment. */
  function drawSoon(): void {
    if (timer !== null) return
    timer = setTimeout(() => {
      timer = null
      draw()
    }, drawAfterMs)
  }

  kind.addEventListener('change', draw)
  search.addEventListener('input', draw)

  return {
    element,
    add(entry) {
      entries.push(entry)
      if (entries.length > mostEntries) entries.shift()
      const { type } = entry.event
      if (![...kind.options].some(({ value }) => value === type)) {
        kind.append(create('option', { value: type }, type))
      }
      drawSoon()
    },
  }
}

function row({ at, tab, event }: LogEntry): HTMLElement {
  const { type, at: _, ...rest } = event
  const details = Object.entries(rest).map(([name, value]) => `${name}: ${pathOf(value)}`)
  return create(
    'tr',
    {},
    create('td', {}, `${clockTime(at)}.${String(Math.floor(at % 1000)).padStart(3, '0')}`),
    create('td', {}, tab),
    create('td', {}, create('code', {}, type)),
    create('td', {}, details.join(', ')),
  )
}

/** Of a URL of this origin what tells it from the others. */
function pathOf(value: unknown): unknown {
  return typeof value === 'string' && value.startsWith(`${location.origin}/`)
    ? value.slice(location.origin.length)
    : value
}

function save(entries: LogEntry[]): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(entries, null, 2)], { type: 'application/json' }))
  create('a', { href: url, download: 'latchkey-events.json' }).click()
  // Not at once: the browser has not begun to read it.
  setTimeout(() => URL.revokeObjectURL(url), 1_000)
}
