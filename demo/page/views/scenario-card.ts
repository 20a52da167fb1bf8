import { type Link, writeLink } from '../link.js'
import { type ScenarioName, scenarioNames } from '../scenario-names.js'
import { scenarioGroups, scenarios } from '../scenarios.js'
import type { Words } from '../words/words.js'
import { button, card, create } from './element.js'

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
  const buttons = new Map<ScenarioName, HTMLButtonElement>()
  let running: ScenarioName | null = null

  function entry(name: ScenarioName): HTMLElement {
    const [label = '', about = ''] = text.list[name] ?? []
    const attributes = {
      class: 'scenario',
      title: about,
      'data-testid': `scenario-${name}`,
    }
    const made = button(label, attributes, () => {
      if (running === 'expired' && name === 'expired') onCancel()
      else if (!running) onRun(name)
    })
    buttons.set(name, made)
    return create('li', {}, made)
  }

  const group = (kind: (typeof scenarioGroups)[number]): HTMLElement[] => [
    create('h3', { id: `group-${kind}` }, text.groups[kind]),
    create(
      'ul',
      { class: 'actions', 'aria-labelledby': `group-${kind}` },
      ...scenarioNames.filter((name) => scenarios[name].group === kind).map(entry),
    ),
  ]

  return {
    element: card('actions', text.title, ...scenarioGroups.flatMap(group), notice),

    /** Not `disabled`, which would take the keyboard's place on the page away. */
    setBusy(name) {
      running = name
      for (const [each, made] of buttons) {
        const canBeCancelled = each === 'expired' && name === 'expired'
        made.setAttribute('aria-disabled', String(name !== null && !canBeCancelled))
        // The one that was played last stays marked: it is what the picture shows.
        if (name) made.setAttribute('aria-current', String(each === name))
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
