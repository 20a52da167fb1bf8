// @vitest-environment node
import { describe, expect, test } from 'vitest'
import type { AuthError } from '../../src/core/errors.js'
import type { SessionEvent } from '../../src/core/events.js'
import type { JwtClaims } from '../../src/core/jwt.js'
import { createSessionPhase, type Flight, goneIn, type Phase } from '../../src/core/session-phase.js'
import type { SessionState } from '../../src/core/state.js'
import { createManualClock } from '../support/manual-clock.js'
import { storedRecord } from '../support/stored-record.js'
import { typesOf } from '../support/types-of.js'
import { unsignedJwt } from '../support/unsigned-jwt.js'

type Emitted = { state: SessionState } | { event: SessionEvent }

function setUp() {
  const clock = createManualClock()
  const phase = createSessionPhase<JwtClaims>(clock)
  const emitted: Emitted[] = []
  phase.subscribe((state) => emitted.push({ state }))
  phase.on((event) => emitted.push({ event }))
  emitted.length = 0
  return { clock, phase, emitted }
}

const signedOut = (reason: 'none' | 'signed-out' | 'expired' = 'none'): Phase => ({
  status: 'signed-out',
  reason,
})
const signedIn = (fields = {}): Phase => ({ status: 'signed-in', record: storedRecord(fields) })

/** A flight that brings nothing, and what it was aborted with. */
function createFlight(): Flight & { aborted: AuthError[] } {
  const aborted: AuthError[] = []
  return {
    done: new Promise(() => {}),
    ended: new Promise(() => {}),
    blockedBy: undefined as never,
    abort: (reason) => void aborted.push(reason),
    aborted,
  }
}

const refreshing = (
  flight: Flight,
  record: Extract<Phase, { status: 'refreshing' }>['record'] = storedRecord(),
) => ({ status: 'refreshing', record, flight, isRefused: false }) as const

describe('what a phase holds', () => {
  test.each<[Phase, boolean, boolean]>([
    [{ status: 'loading' }, false, false],
    [signedOut(), false, false],
    [signedIn(), true, false],
    [refreshing(createFlight()), true, true],
    [refreshing(createFlight(), null), false, true],
    [{ status: 'disposed' }, false, false],
  ])('%j', (next, hasRecord, hasFlight) => {
    const { phase } = setUp()
    phase.transition(next)
    expect(phase.current).toBe(next)
    expect(phase.record).toEqual(hasRecord ? storedRecord() : null)
    expect(phase.flight !== undefined).toBe(hasFlight)
  })
})

describe('the snapshot', () => {
  test('is loading until the store has been read', () => {
    const { phase } = setUp()
    expect(phase.state).toEqual({ status: 'loading' })
  })

  test('is loading while a cookie is asked at the start', () => {
    const { phase, emitted } = setUp()
    const before = phase.state
    phase.transition(refreshing(createFlight(), null))
    expect(phase.state).toBe(before)
    expect(emitted).toEqual([])
  })

  test('is signed out, with the reason', () => {
    const { phase } = setUp()
    phase.transition(signedOut('expired'))
    expect(phase.state).toEqual({ status: 'signed-out', reason: 'expired' })
  })

  test('is signed out while a cookie is asked again', () => {
    const { phase } = setUp()
    phase.transition(signedOut())
    const before = phase.state
    phase.transition(refreshing(createFlight(), null))
    expect(phase.state).toBe(before)
  })

  test('is signed in, with the claims of the token, its expiry, and whether a refresh is under way', () => {
    const { phase } = setUp()
    const record = storedRecord({ accessToken: unsignedJwt({ sub: 'u1' }), expiresAt: 5 })
    phase.transition({ status: 'signed-in', record })
    expect(phase.state).toEqual({
      status: 'signed-in',
      claims: { sub: 'u1' },
      expiresAt: 5,
      refreshing: false,
    })
    phase.transition(refreshing(createFlight(), record))
    expect(phase.state).toMatchObject({ claims: { sub: 'u1' }, refreshing: true })
  })

  test('of an opaque token has no claims', () => {
    const { phase } = setUp()
    phase.transition(signedIn())
    expect(phase.state).toMatchObject({ claims: null })
  })

  test('is the same object until something changes', () => {
    const { phase } = setUp()
    phase.transition(signedOut())
    const out = phase.state
    phase.transition(signedOut())
    expect(phase.state).toBe(out)
    const record = storedRecord()
    phase.transition({ status: 'signed-in', record })
    const first = phase.state
    phase.transition({ status: 'signed-in', record })
    expect(phase.state).toBe(first)
    phase.transition(refreshing(createFlight(), record))
    const during = phase.state
    expect(during).not.toBe(first)
    phase.transition(refreshing(createFlight(), record))
    expect(phase.state, 'another flight is no change').toBe(during)
    phase.transition(refreshing(createFlight(), storedRecord({ generation: 2, expiresAt: 5 })))
    expect(phase.state).not.toBe(during)
    expect(phase.state).toMatchObject({ expiresAt: 5 })
  })

  test('is another one for another reason', () => {
    const { phase } = setUp()
    phase.transition(signedOut())
    const out = phase.state
    phase.transition(signedOut('signed-out'))
    expect(phase.state).not.toBe(out)
    expect(phase.state).toEqual({ status: 'signed-out', reason: 'signed-out' })
  })

  test('is another one for the same record after a sign-out', () => {
    const { phase } = setUp()
    const record = storedRecord()
    phase.transition({ status: 'signed-in', record })
    phase.transition(signedOut())
    phase.transition({ status: 'signed-in', record })
    expect(phase.state).toMatchObject({ status: 'signed-in' })
  })

  test('has the same claims while the token is the same', () => {
    const { phase } = setUp()
    const accessToken = unsignedJwt({ sub: 'u1' })
    const claims = (): unknown => (phase.state as { claims: unknown }).claims
    phase.transition(signedIn({ accessToken }))
    const first = claims()
    phase.transition(refreshing(createFlight(), storedRecord({ accessToken, expiresAt: null })))
    expect(claims()).toBe(first)
    phase.exchange(storedRecord({ accessToken: unsignedJwt({ sub: 'u1', jti: '2' }), generation: 2 }))
    phase.transition({ status: 'signed-in', record: phase.record as never })
    expect(claims()).toEqual({ sub: 'u1', jti: '2' })
  })

  test('and its claims cannot be changed', () => {
    const { phase } = setUp()
    phase.transition(signedOut())
    expect(() => Object.assign(phase.state, { status: 'loading' })).toThrow(TypeError)
    phase.transition(signedIn({ accessToken: unsignedJwt({ sub: 'u1' }) }))
    expect(() => Object.assign(phase.state, { status: 'loading' })).toThrow(TypeError)
    const { claims } = phase.state as { claims: object }
    expect(() => Object.assign(claims, { sub: 'u2' })).toThrow(TypeError)
  })
})

describe('a transition', () => {
  test('emits the state first, and then the events, at the instant', () => {
    const { phase, emitted, clock } = setUp()
    phase.transition(signedIn(), { type: 'signed-in' }, { type: 'adopted' })
    expect(emitted).toEqual([
      { state: phase.state },
      { event: { at: clock.now(), type: 'signed-in' } },
      { event: { at: clock.now(), type: 'adopted' } },
    ])
  })

  test('emits the events alone where the state stays the same', () => {
    const { phase, emitted } = setUp()
    phase.transition(signedOut())
    emitted.length = 0
    phase.transition(signedOut(), { type: 'signed-out' })
    expect(emitted).toMatchObject([{ event: { type: 'signed-out' } }])
  })

  test('shows the new phase to those who are called back', () => {
    const { phase } = setUp()
    const seen: unknown[] = []
    phase.on(() => seen.push(phase.current.status, phase.state.status))
    phase.transition(signedIn(), { type: 'signed-in' })
    expect(seen).toEqual(['signed-in', 'signed-in'])
  })

  test('by a listener is emitted after the present one, in one order for all', () => {
    const { phase } = setUp()
    const [early, late]: [string[], string[]] = [[], []]
    phase.on(({ type }) => {
      early.push(type)
      if (type === 'signed-in') phase.transition(signedOut('signed-out'), { type: 'signed-out' })
    })
    phase.on(({ type }) => late.push(type))
    phase.transition(signedIn(), { type: 'signed-in' }, { type: 'adopted' })
    expect(early).toEqual(['signed-in', 'adopted', 'signed-out'])
    expect(late).toEqual(early)
  })

  test('within a flight emits nothing: the flight may hold the lock', () => {
    const { phase, emitted } = setUp()
    const flight = createFlight()
    phase.transition(refreshing(flight), { type: 'refresh-started' })
    const { state } = phase
    emitted.length = 0
    phase.transition({ ...refreshing(flight), isRefused: true }, { type: 'adopted' })
    phase.exchange(storedRecord({ generation: 2 }), { type: 'adopted' })
    expect(emitted).toEqual([])
    expect(phase.state).toBe(state)
    expect(phase.record).toMatchObject({ generation: 2 })
    expect(phase.current).toMatchObject({ isRefused: true })
    expect(flight.aborted).toEqual([])
  })

  test('that lands a flight shows what was exchanged within it', () => {
    const { phase, emitted } = setUp()
    phase.transition(refreshing(createFlight()))
    phase.exchange(storedRecord({ generation: 2, expiresAt: 5 }))
    emitted.length = 0
    phase.transition({ status: 'signed-in', record: phase.record as never }, { type: 'refresh-succeeded' })
    expect(emitted).toMatchObject([
      { state: { status: 'signed-in', expiresAt: 5, refreshing: false } },
      { event: { type: 'refresh-succeeded' } },
    ])
  })

  test.each<[string, Phase, string]>([
    ['a sign-out', signedOut('signed-out'), 'SESSION_CHANGED'],
    ['the end', signedOut('expired'), 'SESSION_EXPIRED'],
    ['a sign-in', signedIn({ session: 'session-2' }), 'SESSION_CHANGED'],
    ['another flight', refreshing(createFlight(), storedRecord({ session: 'session-2' })), 'SESSION_CHANGED'],
    ['the end of the session object', { status: 'disposed' }, 'DISPOSED'],
  ])('to %s aborts the flight, once and with the reason', (_, next, code) => {
    const { phase } = setUp()
    const flight = createFlight()
    phase.transition(refreshing(flight))
    phase.transition(next)
    phase.transition(signedOut())
    expect(flight.aborted.map((reason) => reason.code)).toEqual([code])
    expect(flight.aborted[0]).toMatchObject({ message: goneIn(next).message })
  })

  test('aborts the flight before anybody is called back', () => {
    const { phase } = setUp()
    const flight = createFlight()
    phase.transition(refreshing(flight))
    const abortedWhenEmitted: number[] = []
    phase.on(() => abortedWhenEmitted.push(flight.aborted.length))
    phase.transition(signedOut('signed-out'), { type: 'signed-out' })
    expect(abortedWhenEmitted).toEqual([1])
  })
})

describe('the disposed phase', () => {
  test('is the last one', () => {
    const { phase } = setUp()
    phase.transition({ status: 'disposed' })
    phase.transition(signedIn(), { type: 'signed-in' })
    phase.exchange(storedRecord())
    expect(phase.current).toEqual({ status: 'disposed' })
    expect(phase.record).toBeNull()
  })

  test('is no state of its own: the last snapshot stays', () => {
    const { phase } = setUp()
    phase.transition(signedIn())
    const last = phase.state
    phase.transition({ status: 'disposed' })
    expect(phase.state).toBe(last)
  })

  test('emits nothing, and nothing is emitted after it', () => {
    const { phase, emitted } = setUp()
    phase.transition({ status: 'disposed' }, { type: 'signed-out' })
    phase.emit({ type: 'adopted' })
    expect(emitted).toEqual([])
  })
})

describe('an exchange', () => {
  test('of the tokens in hand keeps the phase, and emits', () => {
    const { phase, emitted } = setUp()
    phase.transition(signedIn())
    emitted.length = 0
    phase.exchange(storedRecord({ generation: 2, expiresAt: 5 }), { type: 'adopted' })
    expect(phase.current).toEqual({ status: 'signed-in', record: phase.record })
    expect(emitted).toMatchObject([{ state: { expiresAt: 5 } }, { event: { type: 'adopted' } }])
  })
})

describe('listeners', () => {
  test('of the state are called back at once and on each change, until they are removed', () => {
    const { phase } = setUp()
    const seen: SessionState[] = []
    const remove = phase.subscribe((state) => seen.push(state))
    expect(seen).toEqual([{ status: 'loading' }])
    phase.transition(signedOut(), { type: 'signed-out' })
    remove()
    phase.transition(signedIn())
    expect(seen).toEqual([{ status: 'loading' }, { status: 'signed-out', reason: 'none' }])
  })

  test('of events are called back with each from then on, until they are removed', () => {
    const { phase } = setUp()
    const seen: SessionEvent[] = []
    phase.emit({ type: 'signed-out' })
    const remove = phase.on((event) => seen.push(event))
    phase.emit({ type: 'adopted' })
    remove()
    phase.emit({ type: 'signed-in' })
    expect(typesOf(seen)).toEqual(['adopted'])
  })

  test('of the state that throw are reported as an event; those of events are contained', () => {
    const { phase, emitted } = setUp()
    const fail = (): never => {
      throw new Error('SECRET')
    }
    phase.on(fail)
    phase.emit({ type: 'adopted' })
    expect(emitted).toMatchObject([{ event: { type: 'adopted' } }])
    phase.subscribe(fail)
    expect(emitted.slice(1)).toMatchObject([{ event: { type: 'warning', code: 'LISTENER_THREW' } }])
    expect(JSON.stringify(emitted)).not.toContain('SECRET')
  })
})

test.each<[Phase, string]>([
  [{ status: 'disposed' }, 'DISPOSED'],
  [signedOut('expired'), 'SESSION_EXPIRED'],
  [signedOut('signed-out'), 'SESSION_CHANGED'],
  [signedOut(), 'SESSION_CHANGED'],
  [signedIn(), 'SESSION_CHANGED'],
])('in the phase %j, what a call waited for is gone because of %s', (phase, code) => {
  expect(goneIn(phase).code).toBe(code)
})
