import { type FaultKind, faultKinds } from './faults.js'
import { isInRange, ranges } from './ranges.js'

export const rotations = ['strict', 'grace', 'none'] as const

/**
 * - `strict`: a refresh token serves once, and one that comes again ends the session
 * - `grace`: the same, but one that was spent a moment ago is forgiven
 * - `none`: the refresh token stays the same
 */
export type Rotation = (typeof rotations)[number]

/** How the server behaves. Tabs share it. */
export interface Settings {
  accessTokenLifetimeMs: number
  /** How long the answer to a refresh takes. */
  refreshLatencyMs: number
  rotation: Rotation
  /** What goes wrong with the next refreshes. */
  fault: FaultKind
  /** How many refreshes it strikes. */
  faultStrikes: number
}

export function createSettings(): Settings {
  return {
    accessTokenLifetimeMs: 15_000,
    refreshLatencyMs: 400,
    rotation: 'strict',
    fault: 'none',
    faultStrikes: 0,
  }
}

/** Takes over what is wished for. Returns what is wrong with it, in words, or null when it was taken. */
export function changeSettings(settings: Settings, wish: unknown): string | null {
  if (typeof wish !== 'object' || wish === null) return 'Send the settings to change as a JSON object'
  for (const [name, value] of Object.entries(wish)) {
    const complaint = complaintAbout(name, value)
    if (complaint) return complaint
  }
  Object.assign(settings, wish)
  return null
}

function complaintAbout(name: string, value: unknown): string | null {
  const takes = (what: string, isGood: boolean): string | null => (isGood ? null : `${name} takes ${what}`)
  switch (name) {
    case 'rotation':
      return takes(rotations.join(' or '), rotations.includes(value as Rotation))
    case 'fault':
      return takes(faultKinds.join(' or '), faultKinds.includes(value as FaultKind))
    case 'accessTokenLifetimeMs':
    case 'refreshLatencyMs':
    case 'faultStrikes': {
      const { least, most, step } = ranges[name]
      const unit = step === 1 ? 'whole numbers' : `multiples of ${step}`
      return takes(`${unit} from ${least} to ${most}`, isInRange(value, ranges[name]))
    }
    default:
      return `There is no setting “${name}”`
  }
}
