import { create } from './element.js'

export interface PageParts {
  skipLink: HTMLElement
  masthead: HTMLElement
  lead: HTMLElement
  scenarios: HTMLElement
  report: HTMLElement
  /** Who is signed in, with which tokens. */
  session: HTMLElement[]
  /** What else can be set. */
  conditions: HTMLElement[]
  details: HTMLElement[]
}

/** What can be played on the left, always in view; what comes of it on the right. */
export function fillPage(root: HTMLElement, parts: PageParts): void {
  root.replaceChildren(
    parts.skipLink,
    parts.masthead,
    create(
      'main',
      {},
      create('div', { class: 'controls' }, parts.scenarios),
      create(
        'div',
        { class: 'report' },
        parts.lead,
        parts.report,
        create(
          'div',
          { class: 'desk' },
          create('div', { class: 'stack' }, ...parts.session),
          create('div', { class: 'stack' }, ...parts.conditions),
        ),
        ...parts.details,
      ),
    ),
  )
}
