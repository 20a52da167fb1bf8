import { expect, test } from 'vitest'
import { createSession } from '../../src/index.js'
import { headerPair } from '../../src/servers.js'
import { elapse } from '../support/elapse.js'
import { storedRecord } from '../support/stored-record.js'
import { json, openStage, openStore, refreshUrl, signedInStage } from './support/stage.js'

interface Row {
  row: string
  claim: string
  inputs: unknown[]
  isTaken?: boolean
}

const sixteenKib = 16 * 1024

const rows: Row[] = [
  { row: 'T1', claim: 'an empty token is refused', inputs: [''] },
  { row: 'T2', claim: 'what is no string is refused', inputs: [undefined, null, {}, 123, true, ['a']] },
  {
    row: 'T3',
    claim: 'what a careless conversion leaves is refused',
    inputs: ['undefined', 'null', '[object Object]'],
  },
  { row: 'T4', claim: 'a token with its scheme is refused', inputs: ['Bearer abc', 'bearer abc'] },
  {
    row: 'T5',
    claim: 'a token that would break the header is refused',
    inputs: ['abc\r\nX-Evil: 1', 'a\nb', 'a\u0000b'],
  },
  { row: 'T6', claim: 'nothing is trimmed in silence', inputs: [' abc', 'abc ', 'abc\t', 'abc\n'] },
  {
    row: 'T7',
    claim: 'what is not ASCII is refused',
    inputs: ['tökén', '😀', 'аbc', 'a\u200bbc', '\ufeffabc'],
  },
  { row: 'T8', claim: 'a token in quotes is refused', inputs: ['"abc"'] },
  { row: 'T9', claim: 'an equals sign is for the end', inputs: ['a=b', '=abc'] },
  {
    row: 'T10',
    claim: 'the whole alphabet of RFC 6750 is taken',
    inputs: ['abc==', 'a.b.c', 'mF_9.B5f-4.1JqM', '~+/-._'],
    isTaken: true,
  },
  { row: 'T11', claim: 'one character is enough', inputs: ['x'], isTaken: true },
  { row: 'T12', claim: 'more than 16 KiB are refused', inputs: ['x'.repeat(sixteenKib + 1)] },
  { row: 'T12', claim: '16 KiB are taken', inputs: ['x'.repeat(sixteenKib)], isTaken: true },
  { row: 'T13', claim: 'a token that would split the header is refused', inputs: ['a,b', 'a;b'] },
  // What JSON makes of these is a string, so that a reply cannot bring them.
  { row: 'T15', claim: 'an object is no string', inputs: [new String('x'), { toString: () => 'x' }] },
]

test.each(rows.map((row) => [row.row, row.claim, row] as const))(
  '%s: %s, from setTokens',
  async (_, __, { inputs, isTaken }) => {
    for (const input of inputs) {
      const { session, api, sent } = openStage()
      const given = session.setTokens({ accessToken: input as string })
      if (isTaken) await given
      else await expect(given).rejects.toMatchObject({ name: 'AuthError', code: 'INVALID_TOKENS' })
      await elapse(api.get('/me', { validateStatus: null }))
      expect(sent.map(({ authorization }) => authorization)).toEqual([isTaken ? `Bearer ${input}` : null])
    }
  },
)

test.each(rows.filter(({ row }) => row !== 'T15').map((row) => [row.row, row.claim, row] as const))(
  '%s: %s, from a refresh reply',
  async (_, __, { inputs, isTaken }) => {
    for (const input of inputs) {
      const stage = await signedInStage()
      stage.renew = () => json({ access_token: input, refresh_token: 'next' })
      const refreshed = elapse(stage.session.refresh())
      if (isTaken) await expect(refreshed).resolves.toBe(input)
      else await expect(refreshed).rejects.toMatchObject({ code: 'REFRESH_FAILED', retryable: true })
      const inHand = isTaken ? input : stage.kind.access(1)
      expect(await stage.session.getAccessToken()).toBe(inHand)
    }
  },
)

test.each(rows.map((row) => [row.row, row.claim, row] as const))(
  '%s: %s, from the store',
  async (_, __, { inputs, isTaken }) => {
    for (const input of inputs) {
      const store = openStore({ ...storedRecord({ expiresAt: null }), accessToken: input })
      const session = createSession({ refresh: headerPair({ url: refreshUrl }), store })
      await session.ready
      expect(session.state.status).toBe(isTaken ? 'signed-in' : 'signed-out')
      expect(await session.getAccessToken()).toBe(isTaken ? input : null)
      session.dispose()
    }
  },
)

test('T14: the access token may be the refresh token, and an event warns', async () => {
  const stage = await signedInStage({ tokens: { accessToken: 'same', refreshToken: 'same' } })
  expect(stage.events).toContainEqual(expect.objectContaining({ type: 'warning', code: 'SAME_TOKEN_TWICE' }))
  expect(await stage.session.getAccessToken()).toBe('same')
  await elapse(stage.session.refresh())
  expect(stage.refreshes[0]?.headers.get('refresh')).toBe('same')
})

test('T12: the error says which limit', async () => {
  const { session } = openStage()
  const given = session.setTokens({ accessToken: 'x'.repeat(sixteenKib + 1) })
  await expect(given).rejects.toThrow('accessToken is longer than 16384 characters')
})

test('T5: a refresh token that would break its header is refused', async () => {
  const { session } = openStage()
  for (const refreshToken of ['a\r\nX-Evil: 1', 'a b', 'ä', '', 'undefined']) {
    const given = session.setTokens({ accessToken: 'abc', refreshToken })
    await expect(given).rejects.toMatchObject({ code: 'INVALID_TOKENS' })
  }
})
