import type { SideName } from '../../backend/side-names.js'
import { realNow } from '../clock.js'
import type { AllCounters } from '../control.js'
import { endOf, isOver as isDone, type Lane, startOf } from '../model/lane.js'
import type { LaneBook } from '../model/lane-book.js'
import type { Moment, Run } from '../model/run.js'
import { tellLane, tellStory } from '../model/story.js'
import { compare as compareSides, judge } from '../model/verdict.js'
import type { ScenarioName } from '../scenario-names.js'
import { scenarios } from '../scenarios.js'
import type { Words } from '../words/words.js'
import { createAnimation } from './animation.js'
import { createChoice } from './choice.js'
import { createCompareTable } from './compare-table.js'
import { create } from './element.js'
import type { Gallery } from './gallery.js'
import { showLane } from './lane-detail.js'
import { showLegend } from './legend.js'
import { createTimeline, type Scene } from './timeline.js'
import { createVerdicts } from './verdicts.js'

const liveMs = 30_000

/** Shows what happens and what happened: at a glance, as a timeline, in figures, in words and as a table. */
export interface Report {
  readonly element: HTMLElement
  showRun(run: Run): void
  /** What is to be seen, before it has run. */
  announce(scenario: ScenarioName): void
  /** Something new in any tab. */
  touch(): void
  showCounters(counters: AllCounters): void
}

export interface ReportParts {
  words: Words
  ownTab: string
  book: LaneBook
  gallery: Gallery
  /** Whether a service worker plays the server. */
  isWorker: boolean
  hrefOf(run: Run): string
}

export function createReport({ words, ownTab, book, gallery, isWorker, hrefOf }: ReportParts): Report {
  const text = words.story
  const title = create('h2', { id: 'happened-title' })
  const about = create('p', { class: 'about', 'data-testid': 'about' })
  const permalink = create('a', { class: 'quiet', 'data-testid': 'permalink' }, text.permalink)
  const before = create(
    'ol',
    { class: 'story before', 'data-testid': 'before' },
    ...text.before.map(([mark, line]) => create('li', { class: mark }, create('span', {}, line))),
  )
  const verdicts = createVerdicts(words, gallery)
  const story = create('ol', { class: 'story', 'data-testid': 'story' })
  const steps = create('div', { class: 'steps', hidden: true }, create('h3', {}, text.steps), story)
  const legend = create('ul', { class: 'legend' })
  const detail = create('div', { class: 'detail', 'aria-live': 'polite', 'data-testid': 'cursor' })
  const rows = create('tbody')
  const compare = createCompareTable(words)
  /** Whether the picture shows the last run from end to end, or the last half minute as it passes. */
  const stretch = createChoice(
    'window',
    words.timeline.window,
    [
      ['run', words.timeline.run],
      ['live', words.timeline.live],
    ],
    'run',
    () => live.start(),
  )
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
    create('div', { class: 'title-row' }, create('h3', {}, words.timeline.title), stretch.element),
    timeline.element,
    create('figcaption', {}, legend, detail),
  )
  const element = create(
    'section',
    {
      class: 'card',
      id: 'happened',
      'aria-labelledby': 'happened-title',
      tabindex: -1,
      'data-testid': 'happened',
    },
    create('div', { class: 'title-row' }, title, permalink),
    about,
    before,
    verdicts.element,
    figure,
    compare.element,
    steps,
    table,
  )
  let run: Run | null = null
  let runs = 0
  permalink.hidden = true
  table.hidden = true
  showLane(detail, null, 0, words)

  const live = createAnimation(() => {
    if (run) showVerdicts(run)
    const scene = stretch.chosen === 'live' ? sceneOfLast30s(book) : run && sceneOfRun(run, book)
    if (!scene) return false
    timeline.draw(scene)
    showLegend(legend, scene, words)
    figure.classList.toggle('dense', timeline.isDense)
    return stretch.chosen === 'live' ? scene.lanes.length > 0 : run?.endedAt === null || book.isBusy
  })

  function startOfSide(lane: Lane | null): number {
    if (!lane) return 0
    return (stretch.chosen === 'live' ? null : run?.startedAt[lane.side]) ?? startOf(lane)
  }

  function ownLanesOf(of: Run): Lane[] {
    return book.lanesOf(of).filter(({ tab }) => tab === ownTab)
  }

  /** The tiles count while it runs; the sentence comes when it is over. Both say the same at any moment. */
  function showVerdicts(of: Run): void {
    const lanes = book.lanesOf(of)
    verdicts.show(judge(of, lanes, words), compareSides(of, lanes, words), of.endedAt !== null)
  }

  function announce(scenario: ScenarioName): void {
    const [label = '', told = ''] = words.scenarios.list[scenario] ?? []
    title.textContent = label
    const isShared = isWorker && scenarios[scenario].group === 'worker'
    about.textContent = isShared ? `${told} ${words.scenarios.sharedWorker}` : told
  }

  function showOutcome(done: Run): void {
    const own = ownLanesOf(done)
    showVerdicts(done)
    story.replaceChildren(
      ...tellStory(done, own, words).map(({ mark, text }) =>
        create('li', { class: mark }, create('span', {}, text)),
      ),
    )
    steps.hidden = table.hidden = false
    permalink.hidden = false
    permalink.href = hrefOf(done)
    compare.show(done, book.lanesOf(done))
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

  /** From what is going to happen to what happens. */
  function begin(): void {
    before.hidden = true
    figure.hidden = false
  }

  return {
    element,

    showRun(next) {
      const isNew = next !== run
      run = next
      begin()
      announce(next.scenario)
      element.setAttribute('aria-busy', String(next.endedAt === null))
      live.start()
      const { top } = element.getBoundingClientRect()
      // The button may be far away. A page around this one, in whose frame it is, does not move.
      if (isNew && (top < 0 || top > window.innerHeight / 2)) window.scrollBy({ top })
      if (isNew) showLane(detail, null, 0, words)
      if (next.endedAt === null) return
      showOutcome(next)
      element.dataset.runs = String(++runs)
      element.dataset.scenario = next.scenario
    },

    announce,

    touch() {
      if (figure.hidden) {
        begin()
        stretch.choose('live')
      }
      live.start()
    },

    showCounters: compare.showCounters,
  }
}

function sceneOfRun(run: Run, book: LaneBook): Scene {
  const now = realNow()
  const lanes = book.lanesOf(run)
  const from = (side: SideName): number => run.startedAt[side] ?? now
  const isOver = run.endedAt !== null
  // The picture ends with the last call; a refresh may hang on.
  const ends = lanes
    .filter((lane) => !isOver || isDone(lane))
    .map((lane) => (isOver ? endOf(lane) : now) - from(lane.side))
  const moments = run.moments.map(({ at, side }) => at - from(side))
  return {
    lanes,
    moments: run.moments,
    from,
    spanMs: Math.max(0, ...ends, ...moments) * 1.02,
    now,
    isOver,
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
    from: () => from,
    spanMs: liveMs,
    now,
    isOver: false,
    isLive: true,
  }
}
