import type { Engines } from '../../../scripts/find-browser.mjs'
import { launchChromium } from './chromium.js'
import type { Engine } from './engine.js'
import { launchFirefox } from './firefox.js'
import { launchWebKit } from './webkit.js'

/** How to launch the engines that this machine has, by name. */
export function foundEngines({ chromium, firefox, webkit }: Engines): [string, () => Promise<Engine>][] {
  const found: [string, () => Promise<Engine>][] = []
  if (chromium) found.push(['Chromium', () => launchChromium(chromium)])
  if (firefox) found.push(['Firefox', () => launchFirefox(firefox)])
  if (webkit) found.push(['WebKit', () => launchWebKit(webkit)])
  return found
}
