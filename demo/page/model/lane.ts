import type { SideName } from '../../backend/side-names.js'
import type { Exchange } from './exchange.js'

/** What a call goes through, in the order of time. `held`, `sent` and `sent-again` last until the next step. */
export type StepKind = 'held' | 'sent' | 'refused' | 'sent-again' | 'answered' | 'failed'

export interface Step {
  kind: StepKind
  at: number
}

/** One line of the picture: an API call from start to end, or one request to the refresh endpoint. */
export interface Lane {
  id: string
  /** The letter of the tab. */
  tab: string
  side: SideName
  kind: 'call' | 'refresh'
  number: number
  title: string
  steps: Step[]
  exchanges: Exchange[]
  /** The code of the error that the caller got. */
  errorCode: string | null
}

/** The error code of a call that still waits when nobody looks on any longer. */
export const noAnswer = 'NO_ANSWER'

/** The error code of a call whose page was reloaded: nobody is there any longer whom it could fail. */
export const pageGone = 'PAGE_GONE'

export function hasStep(lane: Lane, kind: StepKind): boolean {
  return lane.steps.some((step) => step.kind === kind)
}

export function hasFailed(lane: Lane): boolean {
  return hasStep(lane, 'failed') && lane.errorCode !== noAnswer && lane.errorCode !== pageGone
}

export function isOver(lane: Lane): boolean {
  return hasStep(lane, 'answered') || hasStep(lane, 'failed')
}

export function startOf(lane: Lane): number {
  return lane.steps[0]?.at ?? 0
}

export function endOf(lane: Lane): number {
  return lane.steps.at(-1)?.at ?? 0
}
