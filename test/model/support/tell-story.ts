import { authErrorOf } from '../../../src/http/auth-error-of.js'
import type { ModelRequest } from './api.js'
import type { SignIn } from './auth-server.js'
import type { Tab } from './tab.js'
import { createWorld, type World, type WorldConfig } from './world.js'

/** Tells a plain story to its end, with every invariant watched. */
export async function tellStory(
  config: Partial<WorldConfig>,
  story: (world: World, tabs: readonly Tab[]) => Promise<void>,
) {
  const world = createWorld(config)
  try {
    await world.pass(10)
    await story(world, world.tabs)
    await world.finish()
  } finally {
    world.close()
  }
}

export const opaque: SignIn = { lifetimeMs: 60_000, saysLifetime: false, hasRefreshToken: true }

export const errorCode = ({ outcome }: ModelRequest): unknown =>
  outcome && 'error' in outcome ? authErrorOf(outcome.error)?.code : undefined
