import { ranges } from '../../backend/ranges.js'
import { rotations, type Settings } from '../../backend/settings.js'
import { type Link, skewRange } from '../link.js'
import type { Words } from '../words/words.js'
import { createChoice } from './choice.js'
import { card, create } from './element.js'
import { createNumberField } from './number-field.js'

/** How the server, the network and the clock are to be. */
export interface ConditionsCard {
  readonly element: HTMLElement
  showSettings(settings: Settings): void
  showOffline(isOffline: boolean): void
}

export interface ConditionsCardParts {
  words: Words
  link: Link
  settings: Settings
  onSettings(wish: Partial<Settings>): void
  onOffline(isOffline: boolean): void
  /** What can only change with a new page. */
  onReload(change: Partial<Link>): void
}

export function createConditionsCard(parts: ConditionsCardParts): ConditionsCard {
  const { words, link, settings, onSettings, onOffline, onReload } = parts
  const text = words.conditions
  const lifetime = createNumberField({
    name: 'lifetime',
    label: text.lifetime,
    unit: text.seconds,
    about: text.lifetimeHint,
    range: { least: 4, most: 60, step: 1 },
    value: settings.accessTokenLifetimeMs / 1000,
    words,
    onChange: (seconds) => onSettings({ accessTokenLifetimeMs: seconds * 1000 }),
  })
  const latency = createNumberField({
    name: 'latency',
    label: text.latency,
    unit: text.milliseconds,
    about: text.latencyHint,
    range: ranges.refreshLatencyMs,
    value: settings.refreshLatencyMs,
    words,
    onChange: (refreshLatencyMs) => onSettings({ refreshLatencyMs }),
  })
  const skew = createNumberField({
    name: 'skew',
    label: text.skew,
    unit: text.minutes,
    about: text.skewHint,
    range: skewRange,
    value: link.skewMinutes,
    words,
    onChange: (skewMinutes) => onReload({ skewMinutes }),
  })
  const rotation = createChoice(
    'rotation',
    text.rotation,
    rotations.map((name) => [name, text.rotations[name]]),
    settings.rotation,
    (name) => onSettings({ rotation: name }),
  )
  const offline = createSwitch('offline', text.offline, false, onOffline)
  const locksOff = createSwitch('locks-off', text.locksOff, !link.hasWebLocks, (isOff) =>
    onReload({ hasWebLocks: !isOff }),
  )

  return {
    element: card(
      'conditions',
      text.title,
      create('div', { class: 'fields' }, lifetime.element, latency.element, skew.element),
      create(
        'div',
        { class: 'field rotation' },
        create('p', { class: 'label', 'aria-hidden': 'true' }, text.rotation),
        rotation.element,
      ),
      create('div', { class: 'switches' }, offline.element, locksOff.element),
    ),

    showSettings(next) {
      lifetime.set(next.accessTokenLifetimeMs / 1000)
      latency.set(next.refreshLatencyMs)
      rotation.choose(next.rotation)
    },

    showOffline(isOffline) {
      offline.input.checked = isOffline
    },
  }
}

function createSwitch(
  name: string,
  label: string,
  isOn: boolean,
  onChange: (isOn: boolean) => void,
): { element: HTMLElement; input: HTMLInputElement } {
  const input = create('input', { type: 'checkbox', 'data-testid': name })
  input.checked = isOn
  input.addEventListener('change', () => onChange(input.checked))
  return { element: create('label', { class: 'switch' }, input, create('span', {}, label)), input }
}
