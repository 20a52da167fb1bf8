/** The interceptors that Latchkey is compared with. */
export const opponentNames = ['queue', 'no-queue', 'auth-refresh-queue'] as const

export type OpponentName = (typeof opponentNames)[number]

/** Who calls: each kind of client has tokens and counters of its own, so that they can be compared. */
export type SideName = 'latchkey' | OpponentName

export const sideNames: readonly SideName[] = ['latchkey', ...opponentNames]
