/** What a call goes through, in the order of time. `sent` and `sent-again` last until the next step, as `held` does. */
export type StepKind = 'sent' | 'refused' | 'held' | 'sent-again' | 'answered' | 'failed'

export interface Step {
  kind: StepKind
  at: number
}

export interface Call {
  number: number
  method: string
  path: string
  steps: Step[]
  /** The code of the error that the caller got. */
  errorCode: string | null
}

export interface Refresh {
  startedAt: number
  endedAt: number | null
  /** `adopted`: another tab had renewed already. `abandoned`: the session was over before the answer came. */
  outcome: 'running' | 'succeeded' | 'failed' | 'not-due' | 'adopted' | 'abandoned'
  errorCode: string | null
}

/** Something that happened once, to all calls alike. */
export interface Moment {
  kind: 'signed-out' | 'expired' | 'adopted'
  at: number
}

/** One click and all that came of it. */
export interface Run {
  startedAt: number
  endedAt: number | null
  /** What the page knew of the access token when the run began. */
  token: 'fresh' | 'expired'
  calls: Call[]
  refreshes: Refresh[]
  moments: Moment[]
  /** Whether the user was signed in when it was over. */
  signedInAtEnd: boolean
}

export function beginRun(token: Run['token'], at: number): Run {
  return { startedAt: at, endedAt: null, token, calls: [], refreshes: [], moments: [], signedInAtEnd: true }
}

export function hasStep(call: Call, kind: StepKind): boolean {
  return call.steps.some((step) => step.kind === kind)
}

export function isOver(call: Call): boolean {
  return hasStep(call, 'answered') || hasStep(call, 'failed')
}

/** The last instant at which anything is known to have happened. */
export function lastInstant(run: Run): number {
  const instants = [
    ...run.calls.flatMap((call) => call.steps),
    ...run.moments,
    ...run.refreshes.map((refresh) => ({ at: refresh.endedAt ?? refresh.startedAt })),
  ]
  return instants.reduce((latest, { at }) => Math.max(latest, at), run.startedAt)
}
