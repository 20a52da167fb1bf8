import type { Client } from './clients/client.js'
import type { Recorder } from './model/recorder.js'
import { pause } from './pause.js'

/** A little longer than Latchkey lets a call wait. The copied interceptors have no limit of their own. */
const patienceMs = 11_000
const lookEveryMs = 250

/** Makes the calls of one tab at the same moment, and waits for them until nothing has happened for too long. */
export async function fireBurst(
  client: Client,
  recorder: Recorder,
  calls: number,
  latencyMs?: number,
): Promise<void> {
  const all = Promise.all(
    Array.from({ length: calls }, (_, index) =>
      recorder.track(client.side, (path) => client.call(path, latencyMs ?? latencyOf(index))),
    ),
  )
  let isSettled = false
  const settled = all.then(() => {
    isSettled = true
  })
  while (!isSettled && recorder.quietForMs(client.side) < patienceMs) {
    await Promise.race([settled, pause(lookEveryMs)])
  }
  recorder.giveUp(client.side)
}

/** Different for each call, so that the answers do not all come at once; the same in every run. */
export function latencyOf(index: number): number {
  return 60 + ((index * 67) % 180)
}
