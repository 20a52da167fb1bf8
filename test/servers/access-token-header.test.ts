import { expect, test } from 'vitest'
import { accessTokenHeader, jsonRefresh } from '../../src/servers.js'
import { refreshUrl as url, useBackend } from '../support/backend.js'
import { signIn } from '../support/guarded-api.js'
import { json } from './support/claims.js'

const backend = useBackend()

test.each<[string, string | undefined, string]>([
  ['x-access-token', undefined, ''],
  ['Authorization', 'JWT', 'JWT '],
  ['Authorization', undefined, ''],
])(
  'the API gets the token as %s with the word %s, and after a refresh the new one',
  async (name, scheme, before) => {
    const { session, api } = await signIn({
      refresh: { ...jsonRefresh({ url }), authorize: accessTokenHeader(name, scheme) },
    })
    backend.answer = ({ headers }) =>
      headers.get(name) === `${before}access-2` ? json({ fine: true }) : json({}, 401)
    backend.renew = () => json({ accessToken: 'access-2' })
    expect((await api.get('/me')).data).toEqual({ fine: true })
    expect(backend.calls.map(({ headers }) => headers.get(name))).toEqual([
      `${before}access-1`,
      `${before}access-2`,
    ])
    if (name !== 'Authorization') expect(backend.calls[0]?.headers.has('authorization')).toBe(false)
    expect(session.state.status).toBe('signed-in')
  },
)

test('no other origin gets it', async () => {
  const { api } = await signIn({
    refresh: { ...jsonRefresh({ url }), authorize: accessTokenHeader('x-access-token') },
  })
  backend.answer = () => json({})
  await api.get('http://elsewhere.test/')
  expect(backend.calls[0]?.headers.has('x-access-token')).toBe(false)
})

test.each([['x access'], [''], ['Cookie'], [undefined], ['x-token', 'two words'], ['x-token', 7]])(
  'what is no header is refused: %j %j',
  (...args) => {
    expect(() => accessTokenHeader(...(args as [string]))).toThrow(/^accessTokenHeader takes/)
  },
)
