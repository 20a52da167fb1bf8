import fc from 'fast-check'
import { anyCommands, anyConfig } from './commands.js'
import { createWorld, type WorldConfig } from './world.js'

/** The same in each run of CI; `MODEL_SEED`, `MODEL_RUNS` and `MODEL_PATH` choose others, or one that failed. */
const { MODEL_SEED = '20260101', MODEL_RUNS, MODEL_PATH } = process.env

/** Plays `runs` random stories with that many tabs, and throws with the shortest one in which an invariant breaks. */
export function playStories(how: {
  client: WorldConfig['client']
  runs: number
  tabs: [number, number]
  hasStoreTrouble: boolean
}): Promise<void> {
  const { client, runs, tabs, hasStoreTrouble } = how
  return fc.assert(
    fc.asyncProperty(
      anyConfig(fc.integer({ min: tabs[0], max: tabs[1] })),
      anyCommands(hasStoreTrouble),
      async (config, commands) => {
        const world = createWorld({ ...config, client })
        try {
          await world.pass(0)
          await fc.asyncModelRun(() => ({ model: world, real: world }), commands)
          await world.finish()
        } finally {
          world.close()
        }
      },
    ),
    {
      numRuns: MODEL_RUNS === undefined ? runs : Number(MODEL_RUNS),
      seed: Number(MODEL_SEED),
      ...(MODEL_PATH === undefined ? undefined : { path: MODEL_PATH }),
    },
  )
}
