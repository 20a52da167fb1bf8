import { onTestFinished } from 'vitest'
import type { SessionEvent } from '../../src/core/events.js'
import { assembleSession, type Session } from '../../src/core/session.js'
import type { SessionParts } from '../../src/core/session-parts.js'
import type { SessionState } from '../../src/core/state.js'
import type { TokenSource } from '../../src/core/token-source.js'
import { memoryStore } from '../../src/core/token-store.js'
import { connect } from '../../src/http/connection.js'
import { createFakeEndpoint, type FakeEndpoint } from './fake-endpoint.js'
import { createFakeEnvironment, type FakeEnvironment } from './fake-environment.js'

/** A session in a place where the test rules over time, network, store, lock and page. */
export interface FakeTab extends FakeEnvironment {
  session: Session
  source: TokenSource
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
  lifecycle,
  ...parts
}: FakeTabParts = {}): FakeTab {
  const shared = { clock, random, lock, channel, lifecycle }
  const given = Object.fromEntries(Object.entries(shared).filter(([, part]) => part !== undefined))
  const environment = createFakeEnvironment(given)
  const { session, source } = assembleSession({
    store,
    callRefresh: endpoint.callRefresh,
    readSignIn: (given) => given,
    canRefresh: ({ refreshToken }) => refreshToken !== undefined,
    timing: 'any',
    refreshTimeoutMs: 10_000,
    environment,
    ...parts,
  })
  connect(session, source, environment.lifecycle, [], {})
  const events: SessionEvent[] = []
  const states: SessionState[] = []
  session.on((event) => events.push(event))
  session.subscribe((state) => states.push(state))
  onTestFinished(async () => {
    session.dispose()
    // A call that has been sent is waited for until its time is up.
    await environment.clock.advance(20_000)
  })
  return { ...environment, session, source, endpoint, store, events, states }
}

/** A tab in which a user has signed in, with an access token of 15 minutes. */
export async function openSignedInTab(parts: FakeTabParts = {}, expiresIn = 900): Promise<FakeTab> {
  const tab = openTab(parts)
  await tab.session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1', expiresIn })
  return tab
}
