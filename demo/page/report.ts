import { createAnimation } from './animation.js'
import { create, element } from './element.js'
import { showLegend } from './legend.js'
import type { Call, Run } from './run.js'
import { tellCall, tellStory } from './story.js'
import { createTimeline } from './timeline.js'

const pointAtIt = 'Point at a line, or touch it, to read what that call went through.'

/** Shows one run: as a headline, in words, as a timeline and as a table. */
export interface Report {
  show(run: Run): void
}

export function createReport(): Report {
  const section = element('happened', HTMLElement)
  const headline = element('headline', HTMLElement)
  const story = element('story', HTMLElement)
  const figure = element('timeline-figure', HTMLElement)
  const cursor = element('cursor', HTMLElement)
  const legend = element('legend', HTMLElement)
  const table = element('calls', HTMLElement)
  const log = element('call-log', HTMLElement)
  let shown: Run | null = null
  let runs = 0

  figure.hidden = true
  log.hidden = true

  const timeline = createTimeline(element('timeline', HTMLElement), (call: Call | null) => {
    cursor.textContent = call && shown ? `Call ${call.number}: ${tellCall(call, shown)}.` : pointAtIt
  })
  const live = createAnimation(() => {
    if (!shown) return false
    timeline.draw(shown)
    return shown.endedAt === null
  })

  return {
    show(run) {
      const isNew = run !== shown
      const isNews = isNew || run.endedAt !== null
      shown = run
      figure.hidden = false
      log.hidden = false
      section.setAttribute('aria-busy', String(run.endedAt === null))
      if (run.endedAt !== null) section.dataset.runs = String(++runs)
      live.start()
      showLegend(legend, run)
      // On a narrow screen the buttons are far above.
      if (isNew && section.getBoundingClientRect().top > window.innerHeight / 2) section.scrollIntoView()
      if (!isNews) return
      cursor.textContent = pointAtIt
      const told = tellStory(run)
      headline.textContent = told.headline
      story.replaceChildren(
        ...told.lines.map(({ mark, text }) => create('li', { className: mark }, create('span', {}, text))),
      )
      table.replaceChildren(
        ...run.calls.map((call) =>
          create(
            'tr',
            {},
            create('th', { scope: 'row' }, String(call.number)),
            create('td', {}, create('code', {}, `${call.method} ${call.path}`), ' ', tellCall(call, run)),
          ),
        ),
      )
    },
  }
}
