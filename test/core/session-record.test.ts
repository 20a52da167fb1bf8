// @vitest-environment node
import { describe, expect, test, vi } from 'vitest'
import type { AuthError } from '../../src/core/errors.js'
import { createSessionPhase } from '../../src/core/session-phase.js'
import { compareWithStore, createSessionRecord, type StoreChange } from '../../src/core/session-record.js'
import { createFailsafeStore, memoryStore, type TokenStore } from '../../src/core/token-store.js'
import type { StoredTokens } from '../../src/core/tokens.js'
import { deferred } from '../support/deferred.js'
import { createFakeEnvironment } from '../support/fake-environment.js'
import { settled } from '../support/settled.js'
import { storedRecord } from '../support/stored-record.js'
import { unsignedJwt } from '../support/unsigned-jwt.js'

function openRecord(store: TokenStore = memoryStore()) {
  const environment = createFakeEnvironment()
  const phase = createSessionPhase<unknown>(environment.clock)
  const { signal } = new AbortController()
  const failsafe = createFailsafeStore(store, environment.clock, signal, phase.emit)
  const record = createSessionRecord(phase, failsafe, environment)
  const events: string[] = []
  phase.on(({ type }) => events.push(type))
  return { ...environment, phase, record, store, events }
}

/** One whose store has been read, and held nothing. */
async function openEmptyRecord(store?: TokenStore) {
  const opened = openRecord(store)
  await opened.record.reread()
  opened.phase.transition({ status: 'signed-out', reason: 'none' })
  return opened
}

const user = { accessToken: 'access-1', refreshToken: 'refresh-1', expiresIn: 900 }
const another = { accessToken: 'access-9', refreshToken: 'refresh-9', expiresIn: 900 }

/** One in which a user has signed in; `tokens` is what the sign-in made, and what the store holds then. */
async function signedIn(store?: TokenStore) {
  const opened = await openEmptyRecord(store)
  await opened.record.signIn(user)
  opened.events.length = 0
  return { ...opened, tokens: opened.phase.record as StoredTokens }
}

/** What the coordinator does when a flight lands with the end of the session. */
const landExpired = ({ phase }: Awaited<ReturnType<typeof signedIn>>): void =>
  phase.transition({ status: 'signed-out', reason: 'expired' }, { type: 'expired' })

/** Begins a flight that brings nothing. `aborted` is why it was aborted, if it was. */
function fly({ phase }: ReturnType<typeof openRecord>): { aborted: AuthError | undefined } {
  const seen: { aborted: AuthError | undefined } = { aborted: undefined }
  const flight = {
    done: new Promise<never>(() => {}),
    ended: new Promise<never>(() => {}),
    blockedBy: undefined as never,
    abort(reason: AuthError) {
      seen.aborted = reason
    },
  }
  phase.transition({ status: 'refreshing', record: phase.record, flight, isRefused: false })
  return seen
}

describe('comparing the tokens in hand with the store', () => {
  const first = storedRecord()
  const second = storedRecord({ generation: 2, accessToken: 'access-2' })
  const other = storedRecord({ session: 'session-2', generation: 7 })

  test.each<
    [
      title: string,
      inHand: StoredTokens | null,
      stored: StoredTokens | null | undefined,
      whereItWasStored: StoreChange | undefined,
      whereItWasNot: StoreChange | undefined,
    ]
  >([
    ['nobody here, and the store cannot be read', null, undefined, undefined, undefined],
    ['nobody here, and nobody there', null, null, undefined, undefined],
    ['nobody here, and a user there', null, first, 'switched', 'switched'],
    ['a user here, and the store cannot be read', first, undefined, undefined, undefined],
    ['the same here and there', first, storedRecord(), undefined, undefined],
    [
      'the same session and generation, whatever the token',
      first,
      storedRecord({ accessToken: 'x' }),
      undefined,
      undefined,
    ],
    ['a newer generation there', first, second, 'adopted', 'adopted'],
    ['an older generation there', second, first, undefined, undefined],
    ['nobody there', first, null, 'vanished', undefined],
    ['another session there', first, other, 'switched', undefined],
    [
      'another session there, of an older generation',
      second,
      storedRecord({ session: 'session-2' }),
      'switched',
      undefined,
    ],
  ])('%s', (_, inHand, stored, whereItWasStored, whereItWasNot) => {
    expect(compareWithStore(inHand, stored, true), 'the store has held the session').toBe(whereItWasStored)
    expect(compareWithStore(inHand, stored, false), 'the store has never held it').toBe(whereItWasNot)
  })
})

describe('the first reading', () => {
  test('of an empty store finds nobody, and leaves it open whether a cookie has a session', async () => {
    const { record, phase, events } = openRecord()
    expect(phase.current.status).toBe('loading')
    expect(await record.reread()).toBeUndefined()
    expect(phase.current.status).toBe('loading')
    expect(phase.record).toBeNull()
    expect(events).toEqual([])
  })

  test('finds the user who was signed in before the reload', async () => {
    const store = memoryStore()
    store.write(storedRecord())
    const { record, phase, events } = openRecord(store)
    expect(await record.reread(), 'no change by another tab').toBeUndefined()
    expect(phase.current).toEqual({ status: 'signed-in', record: storedRecord() })
    expect(events).toEqual([])
  })

  test('finds the user who was signed in before the reload, and believes another tab that ends it', async () => {
    const store = memoryStore()
    store.write(storedRecord())
    const { record, phase, events } = openRecord(store)
    await record.reread()
    store.write(null)
    expect(await record.reread()).toBe('vanished')
    expect(phase.current).toEqual({ status: 'signed-out', reason: 'signed-out' })
    expect(events).toEqual(['signed-out'])
  })

  test('of a store that fails leaves nobody signed in, and the record in use', async () => {
    const { record, phase } = openRecord({
      read: () => Promise.reject(new Error()),
      write: () => Promise.reject(new Error()),
    })
    await record.reread()
    expect(phase.record).toBeNull()
    await record.signIn(user)
    expect(phase.record).toMatchObject({ accessToken: 'access-1' })
  })

  test.each(['sign-in', 'sign-out'])('that comes after a %s is history', async (act) => {
    const reading = deferred<StoredTokens | null>()
    const { record, phase } = openRecord({ ...memoryStore(), read: () => reading.promise })
    const read = record.reread()
    const acted = act === 'sign-in' ? record.signIn(another) : record.signOut()
    reading.resolve(storedRecord())
    await Promise.all([read, acted])
    expect(phase.record?.accessToken).toBe(act === 'sign-in' ? 'access-9' : undefined)
  })

  test('that comes after the end of the session object changes nothing', async () => {
    const reading = deferred<StoredTokens | null>()
    const { record, phase } = openRecord({ ...memoryStore(), read: () => reading.promise })
    const read = record.reread()
    phase.transition({ status: 'disposed' })
    reading.resolve(storedRecord())
    expect(await read).toBeUndefined()
    expect(phase.current).toEqual({ status: 'disposed' })
  })
})

describe('signing in', () => {
  test('takes effect at once, is stored, and asks the other tabs to read again', async () => {
    const { record, phase, store, channel, clock, events } = await openEmptyRecord()
    const done = record.signIn(user)
    expect(phase.record).toMatchObject({ accessToken: 'access-1', refreshToken: 'refresh-1', generation: 1 })
    expect(phase.record).toMatchObject({ receivedAt: clock.now(), expiresAt: clock.now() + 900_000 })
    await done
    expect(store.read()).toEqual(phase.record)
    expect(channel.posted).toEqual([{ type: 'signed-in' }, { type: 'changed' }])
    expect(events).toEqual(['signed-in'])
  })

  test('makes a session of its own each time, even for the same tokens', async () => {
    const { record, phase } = openRecord()
    await record.signIn(user)
    const first = phase.record?.session
    await record.signIn(user)
    expect(phase.record?.session).not.toBe(first)
  })

  test('makes names that do not begin alike, and end with the time', async () => {
    const { phase, clock } = await signedIn()
    expect(phase.record?.session).not.toContain('.')
    expect(phase.record?.session.endsWith(clock.now().toString(36))).toBe(true)
  })

  test('that is stored leaves its record alone', async () => {
    const replace = vi.fn(async () => true)
    const { record } = await signedIn({ ...memoryStore(), replace })
    await record.signIn(another)
    expect(replace).not.toHaveBeenCalled()
  })

  test('without a refresh token keeps none', async () => {
    const { record, phase, store } = openRecord()
    await record.signIn({ accessToken: 'access-1' })
    expect(phase.record).not.toHaveProperty('refreshToken')
    expect(await store.read()).not.toHaveProperty('refreshToken')
  })

  test('is not undone by a reading that began before it', async () => {
    const reading = deferred<StoredTokens | null>()
    const { record, phase } = openRecord({ ...memoryStore(), read: () => reading.promise })
    const rereading = record.reread()
    const signingIn = record.signIn(user)
    reading.resolve(storedRecord())
    await Promise.all([rereading, signingIn])
    expect(phase.record?.accessToken).toBe('access-1')
    expect(phase.record?.session).not.toBe('session-1')
  })

  test('that cannot be stored leaves no record of the user before', async () => {
    const store = memoryStore()
    const { record, phase } = openRecord({
      ...store,
      write(tokens) {
        if (tokens?.accessToken === 'access-9') throw new Error('full')
        store.write(tokens)
      },
    })
    await record.signIn(user)
    await record.signIn(another)
    expect(phase.record?.accessToken).toBe('access-9')
    expect(store.read()).toBeNull()
  })

  test('that cannot be stored does not erase the record of the sign-in after it', async () => {
    const store = memoryStore()
    const failing = deferred<void>()
    const { record } = await openEmptyRecord({
      ...store,
      write: (tokens) => (tokens?.accessToken === 'access-1' ? failing.promise : store.write(tokens)),
    })
    const first = record.signIn(user)
    const second = record.signIn(another)
    failing.reject(new Error('full'))
    await Promise.all([first, second])
    expect(await store.read()).toMatchObject({ accessToken: 'access-9' })
  })

  test('that cannot be stored survives the next reading of the store', async () => {
    const { record, phase } = openRecord({
      read: () => null,
      write: () => {
        throw new Error('full')
      },
    })
    await record.signIn(user)
    expect(await record.reread()).toBeUndefined()
    expect(phase.record?.accessToken).toBe('access-1')
  })

  test('aborts the refresh of the user before', async () => {
    const opened = await signedIn()
    const seen = fly(opened)
    await opened.record.signIn(another)
    expect(seen.aborted?.code).toBe('SESSION_CHANGED')
    expect(opened.phase.current).toMatchObject({ status: 'signed-in', record: { accessToken: 'access-9' } })
  })
})

describe('signing out', () => {
  test('takes effect at once, clears the store, and asks the other tabs to read again', async () => {
    const { record, phase, store, channel, events } = await signedIn()
    const done = record.signOut()
    expect(phase.current).toEqual({ status: 'signed-out', reason: 'signed-out' })
    await done
    expect(store.read()).toBeNull()
    expect(channel.posted.at(-1)).toEqual({ type: 'changed' })
    expect(events).toEqual(['signed-out'])
  })

  test('that cannot be stored is not undone by the next reading of the store', async () => {
    const store = memoryStore()
    const { record, phase } = await signedIn({
      ...store,
      write(tokens) {
        if (!tokens) throw new Error('read-only')
        store.write(tokens)
      },
    })
    await record.signOut()
    expect(store.read()).not.toBeNull()
    await record.reread()
    expect(phase.record).toBeNull()
  })

  test('is not undone by a reading that began before it', async () => {
    const reading = deferred<StoredTokens | null>()
    const { record, phase, events } = openRecord({ ...memoryStore(), read: () => reading.promise })
    const rereading = record.reread()
    const signingOut = record.signOut()
    reading.resolve(storedRecord())
    await Promise.all([rereading, signingOut])
    expect(phase.record).toBeNull()
    expect(events).toEqual(['signed-out'])
  })

  test('of nobody is no news, and is stored all the same', async () => {
    const { record, phase, store, events } = await openEmptyRecord()
    store.write(storedRecord())
    await record.signOut()
    expect(events).toEqual([])
    expect(phase.state).toEqual({ status: 'signed-out', reason: 'none' })
    expect(store.read()).toBeNull()
  })
})

describe('the tokens of a refresh', () => {
  test('are stored as the next generation of the session, and the other tabs read again', async () => {
    const { record, phase, store, tokens, channel, clock, events } = await signedIn()
    const brought = { accessToken: 'access-2', refreshToken: 'refresh-2', expiresIn: 60 }
    expect(await record.commit(tokens, brought, clock.now())).toBe(true)
    expect(phase.record).toEqual({
      ...tokens,
      generation: 2,
      accessToken: 'access-2',
      refreshToken: 'refresh-2',
      receivedAt: clock.now(),
      expiresAt: clock.now() + 60_000,
    })
    expect(store.read()).toEqual(phase.record)
    expect(channel.posted).toEqual([{ type: 'signed-in' }, { type: 'changed' }, { type: 'changed' }])
    expect(events).toEqual([])
  })

  test('show in the state when their flight lands, not while it may hold the lock', async () => {
    const opened = await signedIn()
    const { record, phase, tokens, clock } = opened
    fly(opened)
    const { state } = phase
    const states: unknown[] = []
    phase.subscribe((state) => states.push(state))
    await record.commit(tokens, { accessToken: 'access-2', expiresIn: 60 }, clock.now())
    expect(phase.current).toMatchObject({ status: 'refreshing', record: { accessToken: 'access-2' } })
    expect(states).toEqual([state])
    phase.transition({ status: 'signed-in', record: phase.record as StoredTokens })
    expect(states.slice(1)).toEqual([expect.objectContaining({ expiresAt: clock.now() + 60_000 })])
  })

  test('without a refresh token keep the one that is there', async () => {
    const { record, phase, tokens, clock } = await signedIn()
    await record.commit(tokens, { accessToken: 'access-2' }, clock.now())
    expect(phase.record?.refreshToken).toBe('refresh-1')
  })

  test('live from when they were asked for', async () => {
    const { record, phase, tokens, clock } = await signedIn()
    const sentAt = clock.now()
    await clock.advance(5000)
    await record.commit(tokens, { accessToken: 'access-2', expiresIn: 60 }, sentAt)
    expect(phase.record?.expiresAt).toBe(sentAt + 60_000)
  })

  test.each(['sign-out', 'sign-in of another user'])('that come after a %s are dropped', async (act) => {
    const { record, phase, store, tokens, clock } = await signedIn()
    await (act === 'sign-out' ? record.signOut() : record.signIn(another))
    const [inHand, kept] = [phase.record, store.read()]
    expect(await record.commit(tokens, { accessToken: 'access-2' }, clock.now())).toBe(false)
    expect(phase.record).toBe(inHand)
    expect(store.read()).toEqual(kept)
  })

  test('that are no longer awaited do not touch the store', async () => {
    const { record, phase, tokens, store } = await signedIn()
    await record.signOut()
    const replace = vi.fn(async () => false)
    await store.write(tokens)
    Object.assign(store, { replace })
    expect(await record.commit(tokens, another, 0)).toBe(false)
    expect(replace).not.toHaveBeenCalled()
    expect(phase.record).toBeNull()
  })

  test('that are being written while the user signs out are not kept', async () => {
    const writing = deferred<void>()
    const store = memoryStore()
    const { record, phase, tokens, clock } = await signedIn({
      ...store,
      async replace(_, next) {
        await writing.promise
        await store.write(next)
        return true
      },
    })
    const committed = record.commit(tokens, { accessToken: 'access-2' }, clock.now())
    const signingOut = record.signOut()
    writing.resolve()
    await signingOut
    expect(await committed).toBe(false)
    expect(phase.record).toBeNull()
    expect(store.read()).toBeNull()
  })

  test('give way to those of another tab', async () => {
    const { record, phase, store, tokens, clock, events } = await signedIn()
    const theirs = { ...tokens, generation: 2, accessToken: 'theirs' }
    store.write(theirs)
    expect(await record.commit(tokens, { accessToken: 'ours' }, clock.now())).toBe(false)
    expect(phase.record).toEqual(theirs)
    expect(store.read()).toEqual(theirs)
    expect(events).toEqual(['adopted'])
  })

  test('do not bring back a session that another tab has ended', async () => {
    const { record, phase, store, tokens, clock, events } = await signedIn()
    store.write(null)
    expect(await record.commit(tokens, { accessToken: 'access-2' }, clock.now())).toBe(false)
    expect(phase.record).toBeNull()
    expect(store.read()).toBeNull()
    expect(events).toEqual(['signed-out'])
  })

  test('that are stored leave their record alone', async () => {
    const replace = vi.fn(async () => true)
    const { record, tokens } = await signedIn({ ...memoryStore(), replace })
    await record.commit(tokens, another, 0)
    expect(replace).toHaveBeenCalledTimes(1)
  })

  test('that are stored are believed to be gone when another tab has removed them', async () => {
    const { record, phase, tokens, store, events } = await signedIn()
    await record.commit(tokens, another, 0)
    await store.write(null)
    expect(await record.reread()).toBe('vanished')
    expect(phase.record).toBeNull()
    expect(events).toEqual(['signed-out'])
  })

  test('that cannot be stored are kept in memory, and the spent record is removed', async () => {
    const store = memoryStore()
    const { record, phase, tokens, clock } = await signedIn({
      ...store,
      write(tokens) {
        if (tokens && tokens.generation > 1) throw new Error('full')
        store.write(tokens)
      },
    })
    const brought = { accessToken: 'access-2', refreshToken: 'refresh-2' }
    expect(await record.commit(tokens, brought, clock.now())).toBe(true)
    expect(phase.record).toMatchObject(brought)
    expect(store.read()).toBeNull()
    await record.reread()
    expect(phase.record?.accessToken).toBe('access-2')
  })

  test('that cannot be stored are told to the other tabs as spent, and nothing else, for they would find nothing', async () => {
    const { record, phase, tokens, channel, clock } = await signedIn({
      ...memoryStore(),
      replace: async () => {
        throw new Error('full')
      },
    })
    const before = channel.posted.length
    const committed = record.commit(tokens, another, 0)
    await clock.advance(100)
    await committed
    expect(phase.record?.accessToken).toBe('access-9')
    expect(channel.posted.slice(before)).toEqual([{ type: 'spent', session: tokens.session, generation: 1 }])
  })

  test('that the store failed to take do not erase the record of a sign-in meanwhile', async () => {
    const replacing = deferred<boolean>()
    const replace = vi.fn(() => replacing.promise)
    const { record, phase, store, tokens, clock } = await signedIn({ ...memoryStore(), replace })
    const committed = record.commit(tokens, { accessToken: 'access-2' }, clock.now())
    const signingIn = record.signIn(another)
    replacing.reject(new Error('gone'))
    await signingIn
    expect(await committed).toBe(false)
    expect(phase.record?.accessToken).toBe('access-9')
    expect(await store.read()).toMatchObject({ accessToken: 'access-9' })
    expect(replace, 'the sign-in comes first').toHaveBeenCalledTimes(1)
  })

  test('that the store failed to take are dropped where the user signs out before the spent record is gone', async () => {
    const removing = deferred<boolean>()
    const answers = [() => Promise.reject(new Error('full')), () => removing.promise]
    const { record, phase, tokens, clock, events } = await signedIn({
      ...memoryStore(),
      replace: () => answers.shift()?.() ?? false,
    })
    const committed = record.commit(tokens, { accessToken: 'access-2' }, clock.now())
    await settled()
    expect(answers).toEqual([])
    const signingOut = record.signOut()
    removing.resolve(true)
    await signingOut
    expect(await committed).toBe(false)
    expect(phase.record).toBeNull()
    expect(events).toEqual(['store-failed', 'signed-out'])
  })

  test('are not written where the user signs out while the store is read again', async () => {
    const reading = deferred<StoredTokens | null>()
    const kept = memoryStore()
    const store = { ...kept, replace: async () => false }
    const { record, phase, tokens, clock } = await signedIn(store)
    store.read = () => reading.promise
    const committed = record.commit(tokens, { accessToken: 'access-2' }, clock.now())
    await settled()
    const signingOut = record.signOut()
    reading.resolve(null)
    await signingOut
    expect(await committed).toBe(false)
    expect(phase.record).toBeNull()
    expect(kept.read()).toBeNull()
  })

  test('are no reason to pass over the next ones of another tab', async () => {
    const { record, phase, tokens, store, clock, events } = await signedIn()
    await record.commit(tokens, { accessToken: 'access-2' }, clock.now())
    await store.write({ ...(phase.record as StoredTokens), generation: 3, accessToken: 'theirs' })
    expect(await record.reread()).toBe('adopted')
    expect(phase.record?.accessToken).toBe('theirs')
    expect(events).toEqual(['adopted'])
  })

  test('live in memory where the store keeps the record of a session that is over', async () => {
    const stuck = storedRecord()
    const fail = (): never => {
      throw new Error('read-only')
    }
    const { record, phase, clock } = openRecord({ read: () => stuck, write: fail })
    await record.reread()
    await record.signOut()
    await record.signIn(another)
    const tokens = phase.record as StoredTokens
    expect(await record.commit(tokens, { accessToken: 'access-10' }, clock.now())).toBe(true)
    expect(phase.record).toMatchObject({ accessToken: 'access-10', generation: 2 })
  })

  test('are stored where those of the sign-in were not', async () => {
    const store = memoryStore()
    let isFull = true
    const { record, tokens, clock } = await signedIn({
      ...store,
      write(tokens) {
        if (isFull) throw new Error('full')
        store.write(tokens)
      },
    })
    isFull = false
    expect(await record.commit(tokens, { accessToken: 'access-2' }, clock.now())).toBe(true)
    expect(await store.read()).toMatchObject({ generation: 2, accessToken: 'access-2' })
  })
})

describe('tokens of another user that a refresh brings', () => {
  const tokensOf = (sub?: string) => ({ accessToken: unsignedJwt({ sub }), refreshToken: 'refresh-1' })

  async function signedInAs(sub: string | undefined) {
    const opened = await openEmptyRecord()
    await opened.record.signIn(tokensOf(sub))
    opened.events.length = 0
    return { ...opened, tokens: opened.phase.record as StoredTokens }
  }

  test('begin another session, as a sign-in does', async () => {
    const opened = await signedInAs('ada')
    const { record, phase, store, events, tokens } = opened
    const seen = fly(opened)
    expect(await record.commit(tokens, tokensOf('grace'), 0)).toBe(true)
    expect(events).toEqual(['signed-in'])
    expect(phase.current.status).toBe('signed-in')
    expect(phase.record).toMatchObject({ ...tokensOf('grace'), generation: 1 })
    expect(phase.record?.session).not.toBe(tokens.session)
    expect(store.read()).toEqual(phase.record)
    expect(seen.aborted?.code, 'for those who waited as the first user').toBe('SESSION_CHANGED')
  })

  test('do not take over the refresh token of the user before', async () => {
    const { record, phase, tokens } = await signedInAs('ada')
    await record.commit(tokens, { accessToken: unsignedJwt({ sub: 'grace' }) }, 0)
    expect(phase.record).not.toHaveProperty('refreshToken')
  })

  test('leave no way back to the session before', async () => {
    const { record, phase, store, tokens } = await signedInAs('ada')
    await record.commit(tokens, tokensOf('grace'), 0)
    store.write({ ...tokens, generation: 9 })
    expect(await record.reread()).toBeUndefined()
    expect(phase.record?.session).not.toBe(tokens.session)
  })

  test.each([
    ['ada', 'ada'],
    ['ada', undefined],
    [undefined, 'ada'],
  ])('are not seen where %s is followed by %s', async (before, after) => {
    const { record, phase, events, tokens } = await signedInAs(before)
    expect(await record.commit(tokens, tokensOf(after), 0)).toBe(true)
    expect(events).toEqual([])
    expect(phase.record).toMatchObject({ session: tokens.session, generation: 2 })
  })

  test('are dropped where the user signs out while the store is read', async () => {
    const reading = deferred<StoredTokens | null>()
    const { record, phase, store, tokens } = await signedInAs('ada')
    store.read = () => reading.promise
    const committed = record.commit(tokens, tokensOf('grace'), 0)
    const signingOut = record.signOut()
    reading.resolve(null)
    await signingOut
    expect(await committed).toBe(false)
    expect(phase.record).toBeNull()
  })

  test('give way to what another tab has done meanwhile', async () => {
    const { record, phase, store, tokens } = await signedInAs('ada')
    const elsewhere = storedRecord({ session: 'elsewhere' })
    store.write(elsewhere)
    expect(await record.commit(tokens, tokensOf('grace'), 0)).toBe(false)
    expect(phase.record).toEqual(elsewhere)
    expect(store.read()).toEqual(elsewhere)
  })
})

describe('tokens that a cookie brings, while nobody is signed in', () => {
  test('begin a session', async () => {
    const { record, phase, store, channel, clock, events } = openRecord()
    await record.reread()
    expect(await record.commit(null, user, clock.now())).toBe(true)
    expect(phase.record).toMatchObject({ accessToken: 'access-1', generation: 1 })
    expect(store.read()).toEqual(phase.record)
    expect(channel.posted).toEqual([{ type: 'changed' }])
    expect(events).toEqual(['signed-in'])
  })

  test('are dropped where somebody has signed in meanwhile', async () => {
    const { record, phase, store, tokens, clock } = await signedIn()
    expect(await record.commit(null, another, clock.now())).toBe(false)
    expect(phase.record).toBe(tokens)
    expect(store.read()).toEqual(tokens)
  })

  test('are dropped where the user signs out while they are being stored', async () => {
    const writing = deferred<void>()
    const kept = memoryStore()
    const { record, phase, clock, events } = await openEmptyRecord({
      ...kept,
      write: (tokens) => (tokens ? writing.promise.then(() => kept.write(tokens)) : kept.write(tokens)),
    })
    const committed = record.commit(null, user, clock.now())
    const signingOut = record.signOut()
    writing.resolve()
    await signingOut
    expect(await committed).toBe(false)
    expect(phase.record).toBeNull()
    expect(kept.read()).toBeNull()
    expect(events).not.toContain('signed-in')
  })

  test('that cannot be stored are kept in memory', async () => {
    const { record, phase, channel, clock } = openRecord({
      read: () => null,
      write: () => Promise.reject(new Error('full')),
    })
    await record.reread()
    expect(await record.commit(null, user, clock.now())).toBe(true)
    await record.reread()
    expect(phase.record?.accessToken).toBe('access-1')
    expect(channel.posted).toEqual([])
  })
})

describe('the end, by the word of the server', () => {
  test('clears the store, and the other tabs hear of it', async () => {
    const { record, store, tokens, channel, events } = await signedIn()
    expect(await record.end(tokens)).toBe(true)
    expect(store.read()).toBeNull()
    expect(channel.posted.at(-1)).toEqual({ type: 'ended', session: tokens.session })
    expect(events, 'left to the flight, which may hold the lock').toEqual([])
  })

  test('is posted before and after it is done, by name', async () => {
    const { record, tokens, channel, store } = await signedIn()
    const postedWhenDone: number[] = []
    const kept = { ...store }
    Object.assign(store, {
      replace: async () => {
        postedWhenDone.push(channel.posted.length)
        await kept.write(null)
        return true
      },
    })
    const before = channel.posted.length
    await record.end(tokens)
    const ended = { type: 'ended', session: tokens.session }
    expect(channel.posted.slice(before)).toEqual([ended, ended])
    expect(postedWhenDone).toEqual([before + 1])
  })

  test('is none when another tab has refreshed: its tokens are adopted', async () => {
    const { record, phase, store, tokens, channel, events } = await signedIn()
    const theirs = { ...tokens, generation: 2, accessToken: 'theirs' }
    store.write(theirs)
    expect(await record.end(tokens)).toBe(false)
    expect(phase.record).toEqual(theirs)
    expect(store.read()).toEqual(theirs)
    expect(channel.posted.map(({ type }) => type)).not.toContain('ended')
    expect(events).toEqual(['adopted'])
  })

  test('is none when another tab refreshes while it is being stored', async () => {
    const { record, phase, tokens, store, events } = await signedIn()
    Object.assign(store, {
      replace: async () => {
        await store.write({ ...tokens, generation: 2, accessToken: 'theirs' })
        return false
      },
    })
    expect(await record.end(tokens)).toBe(false)
    expect(phase.record?.accessToken).toBe('theirs')
    expect(events).toEqual(['adopted'])
  })

  test('of a user who has left does not touch the one who came', async () => {
    const { record, phase, store, tokens, events } = await signedIn()
    await record.signIn(another)
    expect(await record.end(tokens)).toBe(false)
    expect(phase.record?.accessToken).toBe('access-9')
    expect(await store.read()).toMatchObject({ accessToken: 'access-9' })
    expect(events).not.toContain('expired')
  })

  test('is the end where the store keeps an older record that it fails to forget, too', async () => {
    const opened = await signedIn()
    const { record, phase, tokens, store, clock } = opened
    await record.commit(tokens, { accessToken: 'access-2' }, clock.now())
    Object.assign(store, { read: () => tokens, write: () => Promise.reject(new Error('read-only')) })
    expect(await record.end(phase.record as StoredTokens)).toBe(true)
    landExpired(opened)
    await record.reread()
    expect(phase.record).toBeNull()
  })

  test('that the store does not take is not undone by the next reading of it', async () => {
    const opened = await signedIn({ ...memoryStore(), replace: () => Promise.reject(new Error('gone')) })
    expect(await opened.record.end(opened.tokens)).toBe(true)
    landExpired(opened)
    expect(opened.store.read()).toEqual(opened.tokens)
    await opened.record.reread()
    expect(opened.phase.record).toBeNull()
  })
})

describe('another tab', () => {
  test('that has refreshed is believed', async () => {
    const { record, phase, store, tokens, events } = await signedIn()
    store.write({ ...tokens, generation: 2, accessToken: 'theirs' })
    expect(await record.reread()).toBe('adopted')
    expect(phase.record?.accessToken).toBe('theirs')
    expect(events).toEqual(['adopted'])
  })

  test('that has refreshed is believed within a flight, which goes on', async () => {
    const opened = await signedIn()
    const { record, phase, store, tokens, events } = opened
    const seen = fly(opened)
    store.write({ ...tokens, generation: 2, accessToken: 'theirs' })
    expect(await record.reread()).toBe('adopted')
    expect(phase.current).toMatchObject({ status: 'refreshing', record: { accessToken: 'theirs' } })
    expect(events, 'the landing says so').toEqual([])
    expect(seen.aborted).toBeUndefined()
  })

  test('with an older generation is not believed', async () => {
    const { record, phase, store, tokens, clock, events } = await signedIn()
    await record.commit(tokens, { accessToken: 'access-2' }, clock.now())
    store.write(tokens)
    expect(await record.reread()).toBeUndefined()
    expect(phase.record?.accessToken).toBe('access-2')
    expect(events).toEqual([])
  })

  test('in which somebody else signed in is believed', async () => {
    const { record, phase, store, events } = await signedIn()
    store.write(storedRecord({ session: 'theirs', accessToken: 'access-9' }))
    expect(await record.reread()).toBe('switched')
    expect(phase.record?.accessToken).toBe('access-9')
    expect(events).toEqual(['signed-in'])
    store.write(null)
    await record.reread()
    expect(phase.record, 'who signed in there may sign out there').toBeNull()
    expect(events).toEqual(['signed-in', 'signed-out'])
  })

  test('in which somebody else signed in aborts the flight of the user before', async () => {
    const opened = await signedIn()
    const seen = fly(opened)
    opened.store.write(storedRecord({ session: 'theirs' }))
    await opened.record.reread()
    expect(seen.aborted?.code).toBe('SESSION_CHANGED')
    expect(opened.events).toEqual(['signed-in'])
  })

  test('that signed out is believed', async () => {
    const { record, phase, store, events } = await signedIn()
    store.write(null)
    expect(await record.reread()).toBe('vanished')
    expect(phase.current).toEqual({ status: 'signed-out', reason: 'signed-out' })
    expect(events).toEqual(['signed-out'])
  })

  test('that heard the end from the server is believed to have: the session has expired', async () => {
    const { record, phase, store, tokens, events } = await signedIn()
    record.noteEnded(tokens.session)
    expect(phase.record, 'the word of a channel alone ends nothing').toBe(tokens)
    store.write(null)
    expect(await record.reread()).toBe('vanished')
    expect(phase.current).toEqual({ status: 'signed-out', reason: 'expired' })
    expect(events).toEqual(['expired'])
  })

  test('that heard of the end of another session signed out', async () => {
    const { record, phase, store } = await signedIn()
    record.noteEnded('another')
    store.write(null)
    await record.reread()
    expect(phase.current).toEqual({ status: 'signed-out', reason: 'signed-out' })
  })

  test('that did nothing changes nothing', async () => {
    const { record, phase, tokens, events } = await signedIn()
    expect(await record.reread()).toBeUndefined()
    expect(phase.record).toBe(tokens)
    expect(events).toEqual([])
  })

  test('is not the reason when the store cannot be read just now: nothing changes', async () => {
    const store = memoryStore()
    let isGone = false
    const { record, phase, events } = await signedIn({
      ...store,
      read: () => (isGone ? Promise.reject(new Error('gone')) : store.read()),
    })
    isGone = true
    expect(await record.reread()).toBeUndefined()
    expect(phase.record?.accessToken).toBe('access-1')
    expect(events).toEqual(['store-failed'])
  })

  test('that signs out is heard though our write was given up, and landed after all', async () => {
    const kept = memoryStore()
    const landing = deferred<void>()
    let isSlow = true
    const store: TokenStore = {
      read: () => kept.read(),
      write(tokens) {
        if (!isSlow) return kept.write(tokens)
        isSlow = false
        return landing.promise.then(() => kept.write(tokens))
      },
    }
    const { record, phase, clock, events } = await openEmptyRecord(store)
    const signingIn = record.signIn(user)
    await clock.advance(2001)
    await signingIn
    landing.resolve()
    await clock.advance(1)
    await record.reread()
    kept.write(null)
    expect(await record.reread()).toBe('vanished')
    expect(phase.record).toBeNull()
    expect(events).toEqual(['signed-in', 'store-failed', 'signed-out'])
  })
})

describe('forgetting the expiry', () => {
  test('leaves it to the server', async () => {
    const { record, phase, tokens, events } = await signedIn()
    record.forgetExpiry(tokens)
    expect(phase.record).toEqual({ ...tokens, expiresAt: null })
    expect(phase.state).toMatchObject({ expiresAt: null })
    expect(events).toEqual([])
  })

  test('of tokens that are no longer in hand does nothing', async () => {
    const { record, phase, tokens, events } = await signedIn()
    await record.signOut()
    record.forgetExpiry(tokens)
    expect(phase.record).toBeNull()
    expect(events).toEqual(['signed-out'])
  })
})
