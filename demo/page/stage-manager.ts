import type { Session } from '../../src/index.js'
import type { SideName } from '../backend/side-names.js'
import { borrowSettings } from './borrowed-settings.js'
import type { Client } from './clients/client.js'
import type { DemoClaims } from './clients/session.js'
import { realNow } from './clock.js'
import type { Control } from './control.js'
import type { Recorder } from './model/recorder.js'
import { beginRun, gainOf, type Run } from './model/run.js'
import type { ScenarioName } from './scenario-names.js'
import { latencyOf, type Stage, scenarios, sidesOf } from './scenarios.js'
import type { Tabs } from './tabs.js'
import type { Wire } from './wire.js'

/** Runs the scenarios, one at a time, so that each story has one cause. */
export interface StageManager {
  readonly isBusy: boolean
  run(name: ScenarioName, compares: boolean): Promise<void>
  /** Makes calls that another tab asked for. */
  joinIn(calls: number): Promise<void>
  /** Ends the wait for the token to expire. */
  cancel(): void
}

export interface StageManagerParts {
  session: Session<DemoClaims>
  clients: Record<SideName, Client>
  control: Control
  recorder: Recorder
  wire: Wire
  tabs: Tabs
  user(): { username: string; password: string }
  onChange(run: Run): void
}

/** The copied interceptor has no time limit of its own. */
const patienceMs = 5_000
const lookEveryMs = 50

export function createStageManager(parts: StageManagerParts): StageManager {
  const { session, clients, control, recorder, wire, tabs, user, onChange } = parts
  let wait: AbortController | null = null
  let isBusy = false

  function fire(side: SideName, calls: number, latencyMs?: number): Promise<unknown> {
    return Promise.all(
      Array.from({ length: calls }, (_, index) =>
        recorder.track(side, (path) => clients[side].call(path, latencyMs ?? latencyOf(index))),
      ),
    )
  }

  async function untilRotated(side: SideName): Promise<void> {
    const refreshes = async (): Promise<number> => (await control.counters())[side].refreshes
    const before = await refreshes()
    while (isBusy && (await refreshes()) === before) await pause(lookEveryMs)
  }

  const signIn = async (client: Client): Promise<void> => {
    const { username, password } = user()
    await client.signIn(username, password)
  }

  function stageFor(client: Client, run: Run, change: Stage['change'], signal: AbortSignal): Stage {
    const { side } = client
    return {
      client,
      wire,
      async fire(calls, latencyMs) {
        if (signal.aborted) return
        // Not the wait before: what is told is how long the calls took.
        run.startedAt[side] ??= realNow()
        const all = fire(side, calls, latencyMs)
        await (side === 'latchkey' ? all : Promise.race([all, pause(patienceMs)]))
        recorder.giveUp(side)
      },
      change,
      signInAgain: () => signIn(client),
      untilExpired: () => pause(expiresAt(session) - Date.now(), signal),
      untilServerHasRotated: () => untilRotated(side),
      inAllTabs: (calls) => tabs.tell({ type: 'burst', calls }),
      pause,
    }
  }

  return {
    get isBusy() {
      return isBusy
    },

    async run(name, compares) {
      if (isBusy) return
      isBusy = true
      wait = new AbortController()
      const { signal } = wait
      const settings = borrowSettings(control)
      const wasCut = wire.isCut
      // Offline there is no sign-in, and the copied interceptor needs one as soon as it has lost its session.
      const sides = sidesOf(compares && (!wasCut || clients.copied.isSignedIn))
      const run = beginRun(name, sides)
      try {
        const before = await control.counters()
        for (const side of sides) {
          const client = clients[side]
          if (!client.isSignedIn) await signIn(client)
          onChange(run)
          await scenarios[name].play(stageFor(client, run, settings.change, signal))
        }
        if (signal.aborted) return
        const now = await control.counters()
        for (const side of sides) run.gains[side] = gainOf(now[side], before[side])
      } finally {
        if (wasCut) wire.cut()
        else wire.mend()
        run.endedAt = realNow()
        for (const side of sides) run.staysSignedIn[side] = clients[side].isSignedIn
        await settings.giveBack()
        isBusy = false
        onChange(run)
      }
    },

    async joinIn(calls) {
      await fire('latchkey', calls)
    },

    cancel: () => wait?.abort(),
  }
}

function expiresAt(session: Session<DemoClaims>): number {
  return session.state.status === 'signed-in' ? (session.state.expiresAt ?? 0) : 0
}

/** Resolves after that time, or as soon as the wait is called off. */
function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const timer = setTimeout(resolve, Math.max(0, ms))
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
