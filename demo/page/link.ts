import { isProtocolName, type ProtocolName } from '../backend/protocols/names.js'
import { isInRange, type NumberRange, ranges } from '../backend/ranges.js'
import { type OpponentName, opponentNames } from '../backend/side-names.js'
import { isScenarioName, type ScenarioName } from './scenario-names.js'

export const languages = ['en', 'ko'] as const
export type Language = (typeof languages)[number]

export type OpponentChoice = OpponentName | 'off'
export const opponentChoices: readonly OpponentChoice[] = [...opponentNames, 'off']

export const skewRange: NumberRange = { least: -20, most: 20, step: 1 }

/** What the address says after its `#`: everything that shapes the page from its first moment, and that a link can hand on. */
export interface Link {
  scenario: ScenarioName | null
  language: Language | null
  protocol: ProtocolName
  /** How far the page's clock is ahead. */
  skewMinutes: number
  hasWebLocks: boolean
  /** Which interceptor Latchkey is compared with: `off` is none, null the one that most people have. */
  opponent: OpponentChoice | null
  accessTokenLifetimeMs: number | null
}

/** Reads an address with patience: what cannot be meant counts as not said. */
export function readLink(hash: string): Link {
  const said = new URLSearchParams(hash.replace(/^#/, ''))
  const number = (name: string, range: NumberRange, factor = 1): number | null => {
    const value = Number(said.get(name) ?? Number.NaN) * factor
    return isInRange(value, range) ? value : null
  }
  const scenario = said.get('scenario')
  const protocol = said.get('protocol')
  const language = said.get('lang')
  const compare = said.get('compare')
  return {
    scenario: isScenarioName(scenario) ? scenario : null,
    language: languages.find((name) => name === language) ?? null,
    protocol: isProtocolName(protocol) ? protocol : 'headers',
    skewMinutes: number('skew', skewRange) ?? 0,
    hasWebLocks: said.get('locks') !== 'off',
    opponent: opponentChoices.find((name) => name === compare) ?? null,
    accessTokenLifetimeMs: number('lifetime', ranges.accessTokenLifetimeMs, 1000),
  }
}

/** The same as text, as short as it can be. */
export function writeLink(link: Link): string {
  const said = new URLSearchParams()
  if (link.scenario) said.set('scenario', link.scenario)
  if (link.protocol !== 'headers') said.set('protocol', link.protocol)
  if (link.skewMinutes !== 0) said.set('skew', String(link.skewMinutes))
  if (!link.hasWebLocks) said.set('locks', 'off')
  if (link.opponent !== null) said.set('compare', link.opponent)
  if (link.accessTokenLifetimeMs !== null) said.set('lifetime', String(link.accessTokenLifetimeMs / 1000))
  if (link.language) said.set('lang', link.language)
  return `#${said}`
}

/** Loads the page anew as the link says: a clock and a lock are there before the library, or not at all. */
export function follow(link: Link): void {
  const target = new URL(writeLink(link), location.href)
  history.replaceState(null, '', target)
  location.reload()
}
