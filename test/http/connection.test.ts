// @vitest-environment node
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Connection, clientPolicy, connect, connectionOf, unsafeUrl } from '../../src/http/connection.js'
import { openTab } from '../support/fake-tab.js'

afterEach(() => vi.unstubAllGlobals())

const connection = {
  allowedOrigins: ['https://session.test'],
  refreshUrl: 'https://auth.test/refresh',
} as unknown as Connection

describe('the requests of one client may take the token', () => {
  const policy = () => {
    vi.stubGlobal('document', { baseURI: 'https://app.test/' })
    return clientPolicy(connection, { allowedOrigins: ['https://own.test'] }, false)
  }

  test.each(['https://session.test', 'https://own.test', 'https://auth.test'])('to %s', (origin) => {
    expect(policy()(`${origin}/a`)).toBe('ours')
  })

  test('to the page', () => {
    expect(policy()('/a')).toBe('ours')
    expect(policy()('https://app.test/a')).toBe('ours')
  })

  test('to the base URL of the client, and then not to the refresh endpoint', () => {
    const withBase = clientPolicy(connection, {}, true)
    expect(withBase('https://api.test/a', 'https://api.test/v1')).toBe('ours')
    expect(withBase('https://auth.test/a', 'https://api.test/v1')).toBe('foreign')
    expect(withBase('https://session.test/a', 'https://api.test/v1')).toBe('ours')
  })

  test('and nowhere else, also where it allows nothing of its own', () => {
    expect(policy()('https://other.test/a')).toBe('foreign')
    expect(clientPolicy(connection, {}, false)('https://own.test/a')).toBe('foreign')
  })
})

test.each([
  [{ allowedOrigins: 'https://own.test' }, /allowedOrigins takes a list/],
  [{ allowedOrigins: ['https://*.test'] }, /allowedOrigins takes exact/],
  [{ origins: [] }, /withSession has no option "origins"/],
])('%j is refused, by name', (options, problem) => {
  expect(() => clientPolicy(connection, options as never, false)).toThrow(problem)
})

test('the origin of the refresh endpoint is allowed where its URL is known and full', () => {
  const verdict = (refreshUrl: string | undefined) =>
    clientPolicy({ ...connection, refreshUrl }, {}, false)('https://auth.test/a')
  expect(verdict('https://auth.test/refresh')).toBe('ours')
  expect(verdict(undefined)).toBe('foreign')
  expect(verdict('/refresh')).toBe('foreign')
})

test('a URL with a user or a password is named as what it is', () => {
  expect(unsafeUrl()).toMatchObject({ code: 'UNSAFE_URL', message: expect.stringContaining('password') })
})

describe('the connection of a session', () => {
  test('is found by another copy of the library, too', () => {
    const { session } = openTab()
    const found = (session as unknown as Record<symbol, unknown>)[Symbol.for('latchkey.connection')]
    expect(found).toBe(connectionOf(session))
    expect(found).toMatchObject({ allowedOrigins: [], refreshUrl: undefined })
  })

  test('holds what its clients need, and no token', async () => {
    const { session, source, lifecycle, clock } = openTab()
    await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1' })
    const own = {}
    connect(own, source, lifecycle, ['https://files.test'], { refreshUrl: 'https://auth.test/refresh' })
    const found = connectionOf(own as never)
    expect(found).toMatchObject({
      allowedOrigins: ['https://files.test'],
      refreshUrl: 'https://auth.test/refresh',
      clock,
      lifecycle,
      signal: source.signal,
    })
    expect(JSON.stringify(found)).not.toMatch(/access-1|refresh-1/)
    expect(found).not.toHaveProperty('record')
    expect(found).not.toHaveProperty('source')
  })

  test('is not in the way of those who list, copy or print the session', () => {
    const { session } = openTab()
    expect(Object.getOwnPropertySymbols({ ...session })).toEqual([])
  })

  test.each([undefined, null, {}, 'session'])('is not that of %j', (session) => {
    expect(() => connectionOf(session as never)).toThrow(
      new TypeError('Expected a session made by createSession'),
    )
  })
})
