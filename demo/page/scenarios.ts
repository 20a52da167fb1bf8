import type { Session } from '../../src/index.js'
import type { DemoServer } from './demo-server.js'
import type { Recorder } from './recorder.js'
import type { DemoClaims } from './session.js'

const burstSize = 20
const leavingCalls = 5
const slowRefreshMs = 1_600
const leaveAfterMs = 600

/** What the buttons do. Each resolves when all that it set going has come to its end. */
export interface Scenarios {
  callOnce(): Promise<void>
  burst(): Promise<void>
  /** `onExpired` is told when the wait is over and the calls go out. */
  burstWhenExpired(signal: AbortSignal, onExpired: () => void): Promise<void>
  burstRefused(): Promise<void>
  leaveDuringRefresh(): Promise<void>
}

export function createScenarios(
  session: Session<DemoClaims>,
  server: DemoServer,
  recorder: Recorder,
): Scenarios {
  const expiresAt = (): number =>
    session.state.status === 'signed-in' ? (session.state.expiresAt ?? Infinity) : 0

  const begin = (): void => {
    recorder.begin(expiresAt() > Date.now() ? 'fresh' : 'expired')
  }

  const fire = (count: number): Promise<unknown> =>
    Promise.all(
      Array.from({ length: count }, (_, index) => {
        const path = `/api/items/${index + 1}`
        return recorder.track(path, () => server.call(path, { latencyMs: latencyOf(index) }))
      }),
    )

  async function burst(): Promise<void> {
    begin()
    await fire(burstSize)
    recorder.end()
  }

  return {
    async callOnce() {
      begin()
      await recorder.track('/api/me', () => server.call('/api/me'))
      recorder.end()
    },

    burst,

    async burstWhenExpired(signal, onExpired) {
      await sleepUntil(expiresAt(), signal)
      if (signal.aborted) return
      onExpired()
      await burst()
    },

    async burstRefused() {
      await server.endTokenEarly()
      await burst()
    },

    async leaveDuringRefresh() {
      await server.delayNextRefresh(slowRefreshMs)
      await server.endTokenEarly()
      begin()
      const started = nextRefresh(session)
      const calls = fire(leavingCalls)
      await Promise.race([started, calls])
      await sleepUntil(Date.now() + leaveAfterMs)
      await server.signOut()
      await calls
      // Past the moment at which the refresh is answered, to see that the answer changes nothing.
      await sleepUntil(Date.now() + slowRefreshMs)
      recorder.end()
    },
  }
}

/** Different for each call, so that the answers do not all come at once; the same in every run. */
function latencyOf(index: number): number {
  return 60 + ((index * 67) % 180)
}

function nextRefresh(session: Session<DemoClaims>): Promise<void> {
  return new Promise((resolve) => {
    const stop = session.on((event) => {
      if (event.type !== 'refresh-started') return
      stop()
      resolve()
    })
  })
}

/** Resolves at the given instant, or as soon as the wait is called off. */
function sleepUntil(instant: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const timer = setTimeout(resolve, Math.max(0, instant - Date.now()))
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
