import type { Engines } from '../../../scripts/find-browser.mjs'
import { isLong } from '../../support/is-long.js'
import { launchChromium } from './chromium.js'
import type { Engine } from './engine.js'
import { launchFirefox } from './firefox.js'
import { launchWebKit } from './webkit.js'

/**
 * For claims about what engines do differently, and for the first claim of all: how to launch those that this machine has.
 */
export function foundEngines({ chromium, firefox, webkit }: Engines): [string, () => Promise<Engine>][] {
  const found: [string, () => Promise<Engine>][] = []
  if (chromium) found.push(['Chromium', () => launchChromium(chromium)])
  if (firefox) found.push(['Firefox', () => launchFirefox(firefox)])
  if (webkit) found.push(['WebKit', () => launchWebKit(webkit)])
  return found
}

/**
 * For claims about what is the library's own doing in every engine: Chromium, and in `npm run test:long` the others too, each
 * of which would take `npm test` minutes more.
 */
export function enginesInTurn(engines: Engines): [string, () => Promise<Engine>][] {
  return foundEngines(isLong ? engines : { chromium: engines.chromium, firefox: null, webkit: null })
}

/** Both stores that tabs share; outside Chromium the default alone, unless the run has hours. */
export const sharedStores = (engine: string): readonly ('indexeddb' | 'local')[] =>
  engine === 'Chromium' || isLong ? ['indexeddb', 'local'] : ['indexeddb']
