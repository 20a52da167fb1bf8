// @vitest-environment node
import { expect, test } from 'vitest'
import { createSnapshots, type SessionState } from '../../src/core/session-state.js'
import { storedRecord } from '../support/stored-record.js'
import { unsignedJwt } from '../support/unsigned-jwt.js'

const loading: SessionState = { status: 'loading' }
const loaded = null
const signedIn = (fields = {}) => storedRecord(fields)

test('until the store is read the session is loading', () => {
  const next = createSnapshots()
  expect(next(loading, false, null, 'none', false)).toBe(loading)
})

test('signed out, with the reason', () => {
  const next = createSnapshots()
  expect(next(loading, true, loaded, 'expired', false)).toEqual({ status: 'signed-out', reason: 'expired' })
})

test('signed in, with the claims of the token, its expiry, and whether a refresh is under way', () => {
  const next = createSnapshots()
  const accessToken = unsignedJwt({ sub: 'u1' })
  expect(next(loading, true, signedIn({ accessToken, expiresAt: 5 }), 'none', true)).toEqual({
    status: 'signed-in',
    claims: { sub: 'u1' },
    expiresAt: 5,
    refreshing: true,
  })
})

test('the claims of an opaque token are null', () => {
  expect(createSnapshots()(loading, true, signedIn(), 'none', false)).toMatchObject({ claims: null })
})

test('the snapshot is the same object until something changes', () => {
  const next = createSnapshots()
  const out = next(loading, true, loaded, 'none', false)
  expect(next(out, true, loaded, 'none', true)).toBe(out)
  const hand = signedIn()
  const first = next(out, true, hand, 'none', false)
  expect(next(first, true, hand, 'none', false)).toBe(first)
  const refreshing = next(first, true, hand, 'none', true)
  expect(refreshing).not.toBe(first)
  expect(next(refreshing, true, hand, 'none', true)).toBe(refreshing)
  expect(next(refreshing, true, signedIn({ generation: 2, expiresAt: 5 }), 'none', true)).not.toBe(refreshing)
})

test('another reason is a change', () => {
  const next = createSnapshots()
  const out = next(loading, true, loaded, 'none', false)
  expect(next(out, true, loaded, 'signed-out', false)).not.toBe(out)
})

test('the claims are the same object while the token is the same', () => {
  const next = createSnapshots()
  const hand = signedIn({ accessToken: unsignedJwt({ sub: 'u1' }) })
  const first = next(loading, true, hand, 'none', false) as { claims: unknown }
  const second = next(first as SessionState, true, hand, 'none', true) as { claims: unknown }
  expect(second.claims).toBe(first.claims)
})

test('snapshots and their claims cannot be changed', () => {
  const state = createSnapshots()(
    loading,
    true,
    signedIn({ accessToken: unsignedJwt({ sub: 'u1' }) }),
    'none',
    false,
  )
  expect(() => Object.assign(state, { status: 'loading' })).toThrow(TypeError)
  expect(() => Object.assign((state as { claims: object }).claims, { sub: 'u2' })).toThrow(TypeError)
})
