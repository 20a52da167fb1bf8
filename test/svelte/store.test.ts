import { derived, get, type Readable } from 'svelte/store'
import { expect, test } from 'vitest'
import type { Session, SessionState } from '../../src/index.js'
import { countSubscribers } from '../support/counted-session.js'
import { openSession } from '../support/guarded-api.js'
import { unsignedJwt } from '../support/unsigned-jwt.js'

const adasToken = unsignedJwt({ sub: 'ada', exp: Date.UTC(2040, 0, 1) / 1000 })

/** What `$session` takes. */
const asStore = (session: Session): Readable<SessionState> => session

test('a session is a store of Svelte: its present state at once, and each change', async () => {
  const session = openSession()
  const seen: string[] = []
  const stop = asStore(session).subscribe(({ status }) => void seen.push(status))
  expect(seen).toEqual(['loading'])
  await session.ready
  await session.setTokens({ accessToken: adasToken })
  stop()
  await session.signOut()
  expect(seen).toEqual(['loading', 'signed-out', 'signed-in'])
})

test("Svelte's own get and derived read it, and leave no listener", async () => {
  const counted = countSubscribers(openSession())
  await counted.session.setTokens({ accessToken: adasToken })
  const name = derived(asStore(counted.session), (state) =>
    state.status === 'signed-in' ? state.claims?.sub : undefined,
  )
  expect(get(counted.session)).toBe(counted.session.state)
  expect(get(name)).toBe('ada')
  expect(counted.subscribers).toBe(0)
})

test('a store whose session was disposed of still tells its last state', async () => {
  const session = openSession()
  await session.setTokens({ accessToken: adasToken })
  session.dispose()
  expect(get(asStore(session))).toMatchObject({ status: 'signed-in', claims: { sub: 'ada' } })
})
