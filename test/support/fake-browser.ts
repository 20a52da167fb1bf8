import { memoryStore } from '../../src/core/token-store.js'
import { createFakeChannels } from './fake-channels.js'
import { createFakeEndpoint } from './fake-endpoint.js'
import { createFakeLock } from './fake-lock.js'
import { type FakeTab, type FakeTabParts, openTab } from './fake-tab.js'
import { createManualClock } from './manual-clock.js'
import { settled } from './settled.js'

/** Tabs of one browser: they share store, lock, clock, channel and auth server. */
export function openTabs(count: number, parts: FakeTabParts = {}): [FakeTab, FakeTab, ...FakeTab[]] {
  const channels = createFakeChannels()
  const shared = {
    store: memoryStore(),
    lock: createFakeLock(),
    clock: createManualClock(),
    endpoint: createFakeEndpoint(),
  }
  const tabs = Array.from({ length: count }, () => openTab({ ...shared, channel: channels(), ...parts }))
  return tabs as [FakeTab, FakeTab, ...FakeTab[]]
}

/** Tabs in the first of which a user has signed in, which the others have heard. */
export async function openSignedInTabs(count: number, parts?: FakeTabParts) {
  const tabs = openTabs(count, parts)
  await tabs[0].session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1', expiresIn: 900 })
  await settled()
  return tabs
}
