import { type ComparedSide, isWorkerSide, type OpponentName, type SideName } from '../backend/side-names.js'
import type { AppFrames } from './app-frames.js'
import { borrowSettings } from './borrowed-settings.js'
import { fireBurst } from './burst.js'
import type { Client, Standing } from './clients/client.js'
import { clearRunStorages } from './clients/run-storage.js'
import { realNow } from './clock.js'
import type { Control } from './control.js'
import type { Recorder } from './model/recorder.js'
import { beginRun, gainOf, type Run } from './model/run.js'
import type { OtherTabs } from './other-tabs.js'
import { pause } from './pause.js'
import type { ScenarioName } from './scenario-names.js'
import { type Scenario, type Stage, scenarios } from './scenarios.js'
import { showPictures } from './show-pictures.js'
import type { Gallery } from './views/gallery.js'
import type { Wire } from './wire.js'

/** Runs the scenarios, one at a time, so that each story has one cause. */
export interface StageManager {
  readonly isBusy: boolean
  run(name: ScenarioName, opponent: OpponentName | null): Promise<void>
  /** One call of Latchkey, with the tokens as they are. */
  callOnce(): Promise<void>
  /** Ends the wait for the token to expire. */
  cancel(): void
}

export interface StageManagerParts {
  clientOf(side: ComparedSide, run: string): Client
  control: Control
  recorder: Recorder
  wire: Wire
  otherTabs: OtherTabs
  apps: AppFrames
  gallery: Gallery
  user(): { username: string; password: string }
  onChange(run: Run): void
}

const lookEveryMs = 50

export function createStageManager(parts: StageManagerParts): StageManager {
  const { clientOf, control, recorder, wire, otherTabs, apps, gallery, user, onChange } = parts
  let wait: AbortController | null = null
  let isBusy = false

  /** A session that nothing before has touched: a new sign-in, and the server knows no other. */
  async function beginAnew(client: Client): Promise<void> {
    const { username, password } = user()
    await control.forget(client.side)
    await wire.aside(() => client.signIn(username, password))
    wire.hangUp(client.side)
  }

  /** A client may hold tokens of a session that is over. Who has signed out is signed in again by any tokens. */
  async function standingOf({ side, standing }: Client, { isLeave }: Scenario): Promise<Standing> {
    if (standing !== 'signed-in' || isLeave) return standing
    const counters = await control.counters().catch(() => null)
    return counters?.[side].sessions === 0 ? 'session-ended' : standing
  }

  async function untilRotated(side: SideName): Promise<void> {
    const refreshes = async (): Promise<number> => (await control.counters())[side].refreshes
    const before = await refreshes()
    while (isBusy && (await refreshes()) === before) await pause(lookEveryMs)
  }

  function stageFor(client: Client, run: Run, change: Stage['change'], signal: AbortSignal): Stage {
    const { side } = client
    // Not the wait before: what is told is how long the calls took.
    const begin = (): void => {
      run.startedAt[side] ??= realNow()
    }
    return {
      client,
      wire,
      async fire(calls, latencyMs) {
        if (signal.aborted) return
        begin()
        await fireBurst(client, recorder, calls, latencyMs)
      },
      async fireInAllTabs(calls) {
        begin()
        const others = isWorkerSide(side) ? null : otherTabs.fire(run.id, side, calls)
        await Promise.all([fireBurst(client, recorder, calls), others])
      },
      async showPictures(pictures) {
        begin()
        await showPictures(side, pictures, { gallery, recorder, wire })
      },
      change,
      untilExpired: () => pause(client.expiresInMs, signal),
      untilServerHasRotated: () => untilRotated(side),
      pause,
    }
  }

  /** `isFresh`: each side begins with a new sign-in. */
  async function perform(name: ScenarioName, opponent: OpponentName | null, isFresh: boolean): Promise<void> {
    if (isBusy) return
    isBusy = true
    wait = new AbortController()
    const { signal } = wait
    const settings = borrowSettings(control)
    const wasCut = wire.isCut
    const scenario = scenarios[name]
    const pair: SideName[] = [...(scenario.sides ?? [opponent ?? 'latchkey', 'latchkey'])]
    const sides = opponent ? pair : pair.slice(-1)
    const run = beginRun(name, sides)
    try {
      clearRunStorages()
      gallery.clear()
      onChange(run)
      const before = await control.counters()
      if (scenario.isForTabs) await otherTabs.gather()
      for (const side of sides) {
        const client = isWorkerSide(side) ? await apps.open(side) : clientOf(side, run.id)
        if (scenario.settings) await settings.change(scenario.settings)
        if (isFresh || client.standing !== 'signed-in') await beginAnew(client)
        onChange(run)
        await scenario.play(stageFor(client, run, settings.change, signal))
        run.standings[side] = await standingOf(client, scenario)
        // What still hangs there ends with the run: it would stand in the way of the next.
        if (side !== 'latchkey') wire.hangUp(side)
        if (wasCut) wire.cut()
      }
      if (signal.aborted) return
      const now = await control.counters()
      for (const side of sides) run.gains[side] = gainOf(now[side], before[side])
    } finally {
      if (wasCut) wire.cut()
      else wire.mend()
      otherTabs.dismiss()
      apps.dismiss()
      run.endedAt = realNow()
      await settings.giveBack()
      isBusy = false
      onChange(run)
    }
  }

  return {
    get isBusy() {
      return isBusy
    },
    run: (name, opponent) => perform(name, opponent, true),
    callOnce: () => perform('single', null, false),
    cancel: () => wait?.abort(),
  }
}
