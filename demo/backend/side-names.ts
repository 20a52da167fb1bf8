/** The interceptors that Latchkey is compared with. */
export const opponentNames = ['queue', 'no-queue', 'auth-refresh-queue'] as const

export type OpponentName = (typeof opponentNames)[number]

/** Latchkey twice, in an app of its own each, to show what a service worker adds. */
export const workerSideNames = ['without-worker', 'with-worker'] as const

export type WorkerSideName = (typeof workerSideNames)[number]

/** Who is compared in a scene about API clients. */
export type ComparedSide = 'latchkey' | OpponentName

/** Who calls: each kind of client has tokens and counters of its own, so that they can be compared. */
export type SideName = ComparedSide | WorkerSideName

export const sideNames: readonly SideName[] = ['latchkey', ...opponentNames, ...workerSideNames]

export function isWorkerSide(side: SideName): side is WorkerSideName {
  return workerSideNames.includes(side as WorkerSideName)
}

export function isOpponent(side: SideName): side is OpponentName {
  return opponentNames.includes(side as OpponentName)
}
