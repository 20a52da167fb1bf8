import type { Happening } from './happening.js'
import type { World } from './world.js'

/** Sees to one invariant. */
export interface Watch {
  hear?(happening: Happening): void
  /** After each step. */
  look?(): void
}

export type CreateWatch = (world: World, report: (violation: string) => void) => Watch
