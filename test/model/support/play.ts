import fc from 'fast-check'
import { expect } from 'vitest'
import { anyCommands, anyConfig, type Command } from './commands.js'
import { createWorld, type World, type WorldConfig } from './world.js'

/** The same in each run of CI; `MODEL_SEED`, `MODEL_RUNS` and `MODEL_PATH` choose others, or one that failed. */
const { MODEL_SEED = '20260101', MODEL_RUNS, MODEL_PATH } = process.env

interface Stories {
  runs: number
  tabs: [number, number]
  hasStoreTrouble: boolean
}

async function play(config: WorldConfig, commands: Iterable<Command>): Promise<World> {
  const world = createWorld(config)
  try {
    await world.pass(0)
    await fc.asyncModelRun(() => ({ model: world, real: world }), commands)
    await world.finish()
  } finally {
    world.close()
  }
  return world
}

/** Draws `runs` random stories with that many tabs, and throws with the shortest one that `tell` throws for. */
function drawStories(
  { runs, tabs, hasStoreTrouble }: Stories,
  tell: (config: Omit<WorldConfig, 'client'>, commands: Iterable<Command>) => Promise<void>,
): Promise<void> {
  return fc.assert(
    fc.asyncProperty(
      anyConfig(fc.integer({ min: tabs[0], max: tabs[1] })),
      anyCommands(hasStoreTrouble),
      tell,
    ),
    {
      numRuns: MODEL_RUNS === undefined ? runs : Number(MODEL_RUNS),
      seed: Number(MODEL_SEED),
      ...(MODEL_PATH === undefined ? undefined : { path: MODEL_PATH }),
    },
  )
}

/** Throws with the shortest story in which an invariant breaks. */
export const playStories = ({ client, ...stories }: Stories & Pick<WorldConfig, 'client'>): Promise<void> =>
  drawStories(stories, async (config, commands) => {
    await play({ ...config, client }, commands)
  })

const isSettling = (line = ''): boolean => line.includes(': request-settled ')

/**
 * Each client has errors of its own, and its own number of promises between one end and the next: requests that settle in
 * one turn count as settled together.
 */
function whatHappened({ trace }: World): string[] {
  const lines = trace.map((line) => line.replace(/(request-settled .*rejected) with .*/, '$1'))
  const groups: string[][] = []
  for (const line of lines) {
    const last = groups.at(-1)
    if (last && isSettling(line) && isSettling(last[0])) last.push(line)
    else groups.push([line])
  }
  return groups.flatMap((group) => group.sort())
}

/** Throws with the shortest story that comes to something else through one client than through the other. */
export const compareClients = (stories: Stories): Promise<void> =>
  drawStories(stories, async (config, commands) => {
    const byAxios = await play({ ...config, client: 'axios' }, commands)
    const byFetch = await play({ ...config, client: 'fetch' }, commands)
    expect(whatHappened(byFetch)).toEqual(whatHappened(byAxios))
  })
