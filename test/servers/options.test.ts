import { describe, expect, test } from 'vitest'
import { createSession } from '../../src/index.js'
import * as servers from '../../src/servers.js'

const url = '/auth/refresh'
const { tokensAt, tokensInHeaders, ...protocols } = servers
type Protocol = (options: object) => servers.ServerOptions
const all = Object.entries(protocols) as unknown as [string, Protocol][]
const given = { url, clientId: 'spa' }
const optionsOf = (name: string): object => (name === 'oauth2' ? given : { url })

test('there are seventeen protocols', () => {
  expect(all).toHaveLength(17)
})

test.each(all)('%s names an option that it does not have', (name, protocol) => {
  expect(() => protocol({ ...optionsOf(name), path: '/x' })).toThrow(
    new RegExp(`^${name} has no option "path"; it has `),
  )
})

test.each(all)('%s without a URL is refused by createSession', (name, protocol) => {
  const { url: _, ...rest } = optionsOf(name) as { url: string }
  const refresh = protocol(rest) as never
  expect(() => createSession({ refresh, store: 'memory' })).toThrow(/url takes/)
})

test.each(all)('%s may be told of sign-outs, and be spread for the rest', (name, protocol) => {
  const endpoint = protocol({ ...optionsOf(name), signOut: '/auth/logout' })
  const session = createSession({ refresh: { ...endpoint, timing: 'any' } as never, store: 'memory' })
  session.dispose()
})

test.each(all)('%s reads nothing from a polluted prototype', (name, protocol) => {
  Object.defineProperty(Object.prototype, 'names', {
    value: { accessToken: 'evil', refreshToken: 'evil' },
    configurable: true,
  })
  try {
    expect(JSON.stringify(protocol(optionsOf(name)))).not.toContain('evil')
  } finally {
    Reflect.deleteProperty(Object.prototype, 'names')
  }
})

/** Those whose names are no affair of a product or a standard. */
const named = all.filter(([name]) => !['oauth2', 'directus', 'supabase'].includes(name))

describe.each(named)('%s', (name, protocol) => {
  test.each([7, { accessToken: 7 }, { accessToken: '' }, { access: 'jwt' }, null])(
    'takes no %j for names',
    (names) => {
      expect(() => protocol({ url, names })).toThrow(new RegExp(`^${name}: names takes`))
    },
  )
})

test.each([undefined, '', 7])('oauth2 takes no %j for clientId', (clientId) => {
  expect(() => servers.oauth2({ url, clientId: clientId as never })).toThrow(
    'oauth2: clientId takes a string',
  )
})

test.each(all)('%s takes an object', (name, protocol) => {
  expect(() => protocol(url as never)).toThrow(`${name} takes an object of options`)
})
