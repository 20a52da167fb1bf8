import { realNow } from '../clock.js'
import type { AllCounters } from '../control.js'
import { endOf, type Lane, startOf } from '../model/lane.js'
import type { LaneBook } from '../model/lane-book.js'
import type { Moment, Run } from '../model/run.js'
import { tellLane, tellStory } from '../model/story.js'
import type { Words } from '../words/words.js'
import { createAnimation } from './animation.js'
import { createCompareTable } from './compare-table.js'
import { card, create } from './element.js'
import { showLane } from './lane-detail.js'
import { showLegend } from './legend.js'
import { createTimeline, type Scene } from './timeline.js'

const liveMs = 30_000

/** Shows what happens and what happened: as a headline, in words, in figures, as a timeline and as a table. */
export interface Report {
  readonly element: HTMLElement
  showRun(run: Run): void
  /** Something new in any tab. */
  touch(): void
  showCounters(counters: AllCounters): void
}

export function createReport(
  words: Words,
  ownTab: string,
  book: LaneBook,
  hrefOf: (run: Run) => string,
): Report {
  const text = words.story
  const headline = create('p', { class: 'headline', 'data-testid': 'headline' }, text.nothing)
  const story = create(
    'ol',
    { class: 'story', 'data-testid': 'story' },
    create('li', { class: 'none' }, create('span', {}, text.invitation)),
  )
  const permalink = create('a', { class: 'quiet', 'data-testid': 'permalink' }, text.permalink)
  const legend = create('ul', { class: 'legend' })
  const detail = create('div', { class: 'detail', 'aria-live': 'polite', 'data-testid': 'cursor' })
  const rows = create('tbody')
  const compare = createCompareTable(words)
  const window_ = createWindowSwitch(words, () => live.start())
  const table = create(
    'details',
    { class: 'more', 'data-testid': 'calls' },
    create('summary', {}, words.timeline.table),
    create(
      'table',
      {},
      create(
        'thead',
        {},
        create(
          'tr',
          {},
          create('th', { scope: 'col' }, words.timeline.columns.call),
          create('th', { scope: 'col' }, words.timeline.columns.story),
        ),
      ),
      rows,
    ),
  )
  const timeline = createTimeline(words, ownTab, (lane) => showLane(detail, lane, startOfSide(lane), words))
  const figure = create(
    'figure',
    { class: 'timeline', hidden: true },
    create('div', { class: 'title-row' }, create('h3', {}, words.timeline.title), window_.element),
    timeline.element,
    create('figcaption', {}, legend, detail),
    table,
  )
  const element = card(
    'happened',
    text.title,
    create('div', { 'aria-live': 'polite' }, headline, story),
    create('p', { class: 'permalink' }, permalink),
    compare.element,
    figure,
  )
  let run: Run | null = null
  let runs = 0
  permalink.hidden = true
  showLane(detail, null, 0, words)

  const live = createAnimation(() => {
    const scene = window_.isLive ? sceneOfLast30s(book) : run && sceneOfRun(run, book)
    if (!scene) return false
    timeline.draw(scene)
    showLegend(legend, scene.lanes, words)
    return window_.isLive ? scene.lanes.length > 0 : run?.endedAt === null || book.isBusy
  })

  function startOfSide(lane: Lane | null): number {
    return lane ? (run?.startedAt[lane.side] ?? startOf(lane)) : 0
  }

  function showOutcome(done: Run): void {
    const lanes = book.lanesOf(done)
    const own = lanes.filter(({ tab }) => tab === ownTab)
    const told = tellStory(done, own, words)
    headline.textContent = told.headline
    story.replaceChildren(
      ...told.lines.map(({ mark, text }) => create('li', { class: mark }, create('span', {}, text))),
    )
    permalink.hidden = false
    permalink.href = hrefOf(done)
    compare.show(done, own)
    rows.replaceChildren(
      ...own.map((lane) =>
        create(
          'tr',
          {},
          create('th', { scope: 'row' }, String(lane.number)),
          create(
            'td',
            {},
            create('code', {}, `${words.sides[lane.side]}: ${lane.title}`),
            ' ',
            tellLane(lane, startOfSide(lane), words),
          ),
        ),
      ),
    )
  }

  return {
    element,

    showRun(next) {
      const isNew = next !== run
      run = next
      figure.hidden = false
      element.setAttribute('aria-busy', String(next.endedAt === null))
      live.start()
      // On a narrow screen the buttons are far above.
      if (isNew && element.getBoundingClientRect().top > window.innerHeight / 2) element.scrollIntoView()
      if (isNew) showLane(detail, null, 0, words)
      if (next.endedAt === null) {
        headline.textContent = text.underWay
        story.replaceChildren()
        return
      }
      showOutcome(next)
      element.dataset.runs = String(++runs)
      element.dataset.scenario = next.scenario
    },

    touch() {
      if (figure.hidden) {
        figure.hidden = false
        window_.setLive()
      }
      live.start()
    },

    showCounters: compare.showCounters,
  }
}

/** Whether the picture shows the last run from end to end, or the last half minute as it passes. */
function createWindowSwitch(
  { timeline }: Words,
  onChange: () => void,
): { element: HTMLElement; readonly isLive: boolean; setLive(): void } {
  const option = (value: string, label: string, isChosen: boolean): [HTMLInputElement, HTMLElement] => {
    const input = create('input', { type: 'radio', name: 'window', value, 'data-testid': `window-${value}` })
    input.checked = isChosen
    input.addEventListener('change', onChange)
    return [input, create('label', {}, input, create('span', {}, label))]
  }
  const [, runLabel] = option('run', timeline.run, true)
  const [live, liveLabel] = option('live', timeline.live, false)
  return {
    element: create(
      'div',
      { class: 'segments', role: 'radiogroup', 'aria-label': timeline.window },
      runLabel,
      liveLabel,
    ),
    get isLive() {
      return live.checked
    },
    setLive() {
      live.checked = true
    },
  }
}

function sceneOfRun(run: Run, book: LaneBook): Scene {
  const now = realNow()
  const lanes = book.lanesOf(run)
  const from = { copied: run.startedAt.copied ?? 0, latchkey: run.startedAt.latchkey ?? 0 }
  const isOver = run.endedAt !== null && !book.isBusy
  const ends = lanes.map((lane) => (isOver ? endOf(lane) : now) - from[lane.side])
  const moments = run.moments.map(({ at }) => at - from.latchkey)
  return {
    lanes,
    moments: run.moments,
    from,
    spanMs: Math.max(0, ...ends, ...moments) * 1.02,
    now: isOver ? Math.max(now, ...lanes.map(endOf)) : now,
    isLive: false,
  }
}

function sceneOfLast30s(book: LaneBook): Scene {
  const now = realNow()
  const from = now - liveMs
  const isRecent = (moment: Moment): boolean => moment.at >= from
  return {
    lanes: book.lanesSince(from),
    moments: book.moments.filter(isRecent),
    from: { copied: from, latchkey: from },
    spanMs: liveMs,
    now,
    isLive: true,
  }
}
