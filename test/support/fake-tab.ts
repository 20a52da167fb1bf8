import { onTestFinished } from 'vitest'
import type { SessionEvent } from '../../src/core/events.js'
import type { RequestGate } from '../../src/core/request-gate.js'
import { assembleSession } from '../../src/core/session.js'
import type { Session } from '../../src/core/session-contract.js'
import type { SessionParts } from '../../src/core/session-parts.js'
import type { SessionState } from '../../src/core/session-state.js'
import { memoryStore } from '../../src/core/token-store.js'
import { createFakeEndpoint, type FakeEndpoint } from './fake-endpoint.js'
import { createFakeEnvironment, type FakeEnvironment } from './fake-environment.js'

/** A session in a place where the test rules over time, network, store, lock and page. */
export interface FakeTab extends FakeEnvironment {
  session: Session
  gate: RequestGate
  endpoint: FakeEndpoint
  store: SessionParts['store']
  events: SessionEvent[]
  states: SessionState[]
}

export type FakeTabParts = Partial<Omit<SessionParts, 'environment'> & FakeEnvironment> & {
  endpoint?: FakeEndpoint
}

/** Opens a tab; it is closed when the test is over. */
export function openTab({
  endpoint = createFakeEndpoint(),
  store = memoryStore(),
  clock,
  random,
  lock,
  channel,
  page,
  ...parts
}: FakeTabParts = {}): FakeTab {
  const shared = { clock, random, lock, channel, page }
  const given = Object.fromEntries(Object.entries(shared).filter(([, part]) => part !== undefined))
  const environment = createFakeEnvironment(given)
  const { session, gate } = assembleSession({
    store,
    renew: endpoint.renew,
    readSignIn: (given) => given,
    canRenew: ({ refreshToken }) => refreshToken !== undefined,
    timing: 'any',
    refreshTimeoutMs: 10_000,
    autoRefresh: 'on-demand',
    environment,
    ...parts,
  })
  const events: SessionEvent[] = []
  const states: SessionState[] = []
  session.on((event) => events.push(event))
  session.subscribe((state) => states.push(state))
  onTestFinished(() => session.dispose())
  return { ...environment, session, gate, endpoint, store, events, states }
}

/** A tab in which a user has signed in, with an access token of 15 minutes. */
export async function openSignedInTab(parts: FakeTabParts = {}, expiresIn = 900): Promise<FakeTab> {
  const tab = openTab(parts)
  await tab.session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1', expiresIn })
  return tab
}
