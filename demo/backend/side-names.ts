/** Who calls: each kind of client has tokens and counters of its own, so that the two can be compared. */
export const sideNames = ['latchkey', 'copied'] as const

export type SideName = (typeof sideNames)[number]
