import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    isLong: boolean
  }
}

/** Whether the run has hours (`npm run test:long`): then a claim is tried more often, never less strictly. */
export const isLong: boolean = inject('isLong')

/** All where the run has hours; otherwise those that stand for the rest. */
export const sampled = <T>(all: readonly T[], standsForTheRest: (one: T) => boolean): readonly T[] =>
  isLong ? all : all.filter(standsForTheRest)
