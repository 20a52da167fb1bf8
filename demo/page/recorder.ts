import type { AxiosError } from 'axios'
import { isAuthError, type Session, type SessionEvent } from '../../src/index.js'
import { beginRun, type Call, isOver, type Refresh, type Run, type StepKind } from './run.js'
import type { DemoClaims } from './session.js'

/** Writes down what the session tells about the calls of one run. */
export interface Recorder {
  /** Whether a run is under way. */
  readonly isRecording: boolean
  begin(token: Run['token']): void
  /** Notes a call from the moment it is made until it has settled. */
  track<T>(path: string, call: () => Promise<T>): Promise<T | null>
  end(): void
}

export function createRecorder(session: Session<DemoClaims>, onChange: (run: Run) => void): Recorder {
  let run: Run | null = null

  session.on((event) => {
    if (!run || run.endedAt !== null) return
    note(run, event)
    onChange(run)
  })

  return {
    get isRecording() {
      return run !== null && run.endedAt === null
    },

    begin(token) {
      run = beginRun(token, Date.now())
    },

    async track(path, call) {
      if (!run) return null
      const entry: Call = { number: run.calls.length + 1, method: 'GET', path, steps: [], errorCode: null }
      const current = run
      current.calls.push(entry)
      add(entry, 'sent', Date.now())
      try {
        const answer = await call()
        add(entry, 'answered', Date.now())
        return answer
      } catch (error) {
        entry.errorCode = codeOf(error)
        add(entry, 'failed', Date.now())
        return null
      } finally {
        onChange(current)
      }
    },

    end() {
      if (!run) return
      run.endedAt = Date.now()
      run.signedInAtEnd = session.state.status === 'signed-in'
      onChange(run)
    },
  }
}

function note(run: Run, event: SessionEvent): void {
  const { at } = event
  switch (event.type) {
    case 'request-held':
    case 'request-released':
    case 'request-replayed': {
      const { pathname } = new URL(event.url)
      const call = run.calls.find((entry) => entry.path === pathname && !isOver(entry))
      if (!call) return
      if (event.type === 'request-replayed') add(call, 'sent-again', at)
      else if (event.type === 'request-held') hold(call, event.reason, at)
      else if (!event.code) add(call, 'sent', at)
      return
    }
    case 'refresh-started':
      run.refreshes.push({ startedAt: at, endedAt: null, outcome: 'running', errorCode: null })
      return
    case 'refresh-succeeded':
      settleRefresh(run, 'succeeded', at)
      return
    case 'refresh-failed':
      settleRefresh(run, 'failed', at, event.code)
      return
    case 'warning':
      if (event.code === 'REFRESH_NOT_DUE') settleRefresh(run, 'not-due', at)
      return
    case 'adopted':
      settleRefresh(run, 'adopted', at)
      run.moments.push({ kind: 'adopted', at })
      return
    case 'signed-out':
    case 'expired':
      settleRefresh(run, 'abandoned', at)
      run.moments.push({ kind: event.type, at })
  }
}

function hold(call: Call, reason: 'loading' | 'expired' | 'refused', at: number): void {
  if (reason === 'refused') add(call, 'refused', at)
  else call.steps = [] // it never went out
  add(call, 'held', at)
}

function add(call: Call, kind: StepKind, at: number): void {
  call.steps.push({ kind, at })
}

function settleRefresh(
  run: Run,
  outcome: Refresh['outcome'],
  at: number,
  errorCode: string | null = null,
): void {
  const running = run.refreshes.find((refresh) => refresh.outcome === 'running')
  if (running) Object.assign(running, { outcome, endedAt: at, errorCode })
}

/** What the caller got: the API's status where there was one, and what the session says to it. */
function codeOf(error: unknown): string {
  const { code, response, cause } = error as AxiosError
  const own = isAuthError(cause) ? cause.code : code
  return response ? `HTTP ${response.status} (${own})` : (own ?? 'an unknown error')
}
