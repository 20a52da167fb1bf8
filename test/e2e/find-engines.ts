import type { TestProject } from 'vitest/node'
import { type Engines, ensureChromium, findEngines } from '../../scripts/find-browser.mjs'

declare module 'vitest' {
  interface ProvidedContext {
    engines: Engines & { chromium: NonNullable<Engines['chromium']> }
  }
}

/** Chromium must be there, or nothing runs. The others are driven where they are installed. */
export default async function findBrowserEngines(project: TestProject): Promise<void> {
  const chromium = await ensureChromium()
  project.provide('engines', { ...(await findEngines()), chromium })
}
