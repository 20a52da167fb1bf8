import { type Link, writeLink } from '../link.js'
import { type ScenarioName, scenarioNames } from '../scenario-names.js'
import { scenarios } from '../scenarios.js'
import type { Words } from '../words/words.js'
import { button, card, create, hint } from './element.js'

/** One button for each scenario: a click, and it runs. */
export interface ScenarioCard {
  readonly element: HTMLElement
  /** While a scenario runs, the others rest; the one that waits for the token can be called off. */
  setBusy(name: ScenarioName | null): void
  say(text: string): void
}

export function createScenarioCard(
  words: Words,
  onRun: (name: ScenarioName) => void,
  onCancel: () => void,
): ScenarioCard {
  const text = words.scenarios
  const notice = create('p', { class: 'notice', role: 'status', 'data-testid': 'notice' })
  /** Of the fault that the pointer or the keyboard is at: the one place for many short descriptions. */
  const aboutFault = hint(text.aboutFaults, { class: 'hint about-fault', 'aria-hidden': 'true' })
  const buttons = new Map<ScenarioName, HTMLButtonElement>()
  let running: ScenarioName | null = null

  function entry(name: ScenarioName): HTMLElement {
    const [label = '', about = ''] = text.list[name] ?? []
    const attributes = {
      'data-testid': `scenario-${name}`,
      'aria-describedby': `about-${name}`,
    }
    const made = button(label, attributes, () => {
      if (running === 'expired' && name === 'expired') onCancel()
      else if (!running) onRun(name)
    })
    buttons.set(name, made)
    if (scenarios[name].group === 'calls') {
      return create('li', {}, made, hint(about, { id: `about-${name}` }))
    }
    for (const event of ['pointerenter', 'focus']) {
      made.addEventListener(event, () => {
        aboutFault.textContent = about
      })
    }
    return create('li', {}, made, create('span', { class: 'visually-hidden', id: `about-${name}` }, about))
  }

  const group = (kind: 'calls' | 'faults'): HTMLElement[] => [
    create('h3', { id: `group-${kind}` }, text.groups[kind]),
    create(
      'ul',
      { class: `actions ${kind}`, 'aria-labelledby': `group-${kind}` },
      ...scenarioNames.filter((name) => scenarios[name].group === kind).map(entry),
    ),
  ]

  return {
    element: card('actions', text.title, ...group('calls'), ...group('faults'), aboutFault, notice),

    /** Not `disabled`, which would take the keyboard's place on the page away. */
    setBusy(name) {
      running = name
      for (const [each, made] of buttons) {
        const canBeCancelled = each === 'expired' && name === 'expired'
        made.setAttribute('aria-disabled', String(name !== null && !canBeCancelled))
        if (each === 'expired') {
          made.textContent = canBeCancelled ? text.cancel : (text.list.expired?.[0] ?? '')
        }
      }
      notice.textContent = name === 'expired' ? text.waiting : ''
    },

    say(told) {
      notice.textContent = told
    },
  }
}

/** The address of a scenario, for a page in the state this one is in. */
export function scenarioHref(link: Link, name: ScenarioName): string {
  return writeLink({ ...link, scenario: name })
}
