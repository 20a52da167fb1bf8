import { AxiosHeaders } from 'axios'
import { expect, test } from 'vitest'
import { elapse } from '../support/elapse.js'
import { type ApiReply, refreshesFor, signedInStage } from './support/stage.js'
import { tokenKinds } from './support/token-kinds.js'

interface Row {
  row: string
  claim: string
  /** Each is the value of `WWW-Authenticate` on a 401, or a reply of its own. */
  replies: (string | ApiReply)[]
  refreshes: 0 | 1
}

const challenged = (status: number, challenge: string): ApiReply => ({
  status,
  headers: { 'www-authenticate': challenge },
})

const rows: Row[] = [
  { row: 'H1', claim: 'a 401 without a challenge', replies: [{ status: 401 }], refreshes: 1 },
  { row: 'H2', claim: 'a challenge without an error', replies: ['Bearer', 'Bearer realm="x"'], refreshes: 1 },
  {
    row: 'H3',
    claim: 'a challenge in lower case, unquoted',
    replies: ['bearer error=invalid_token'],
    refreshes: 1,
  },
  {
    row: 'H4',
    claim: 'white space and stray commas',
    replies: [
      'Bearer error = "invalid_token"',
      'Bearer\terror\t=\t"invalid_token"',
      ', ,Bearer error="invalid_token",,',
    ],
    refreshes: 1,
  },
  {
    row: 'H5',
    claim: 'a Bearer challenge after another one',
    replies: ['Basic realm="x", Bearer error="invalid_token"'],
    refreshes: 1,
  },
  {
    row: 'H5',
    claim: 'a Bearer challenge after another one, which no refresh cures',
    replies: ['Basic realm="x", Bearer error="insufficient_scope"'],
    refreshes: 0,
  },
  {
    row: 'H6',
    claim: 'a Bearer challenge after a token68',
    replies: [
      'Negotiate YII=, Bearer error="insufficient_scope"',
      'Negotiate YII, Bearer error="insufficient_scope"',
    ],
    refreshes: 0,
  },
  {
    row: 'H7',
    claim: 'a Bearer challenge inside a quoted string is none',
    replies: ['Basic realm="say Bearer error=\\"insufficient_scope\\""'],
    refreshes: 1,
  },
  {
    row: 'H8',
    claim: 'an error inside a quoted string is none',
    replies: ['Bearer realm="a, Bearer error=\\"invalid_token\\"", error="insufficient_scope"'],
    refreshes: 0,
  },
  {
    row: 'H9',
    claim: 'of two errors the first counts',
    replies: [
      'Bearer error="insufficient_scope", error="invalid_token"',
      'Bearer error="insufficient_scope", error="invalid_request"',
    ],
    refreshes: 0,
  },
  {
    row: 'H10',
    claim: 'a value whose string has no end counts',
    replies: ['Bearer error="insufficient_scope'],
    refreshes: 0,
  },
  {
    row: 'H11',
    claim: 'single quotes are part of the value',
    replies: ["Bearer error='insufficient_scope'"],
    refreshes: 1,
  },
  {
    row: 'H12',
    claim: 'the case of a name does not count',
    replies: ['Bearer ERROR="insufficient_scope"'],
    refreshes: 0,
  },
  {
    row: 'H13',
    claim: 'the case of a value does',
    replies: ['Bearer error="INSUFFICIENT_SCOPE"'],
    refreshes: 1,
  },
  {
    row: 'H14',
    claim: 'a scheme that only begins or ends like Bearer is another',
    replies: ['Bearerx error="insufficient_scope"', 'X-Bearer error="insufficient_scope"'],
    refreshes: 1,
  },
  {
    row: 'H15',
    claim: 'a parameter without a scheme is of no scheme',
    replies: ['error="insufficient_scope"'],
    refreshes: 1,
  },
  {
    row: 'H15',
    claim: 'a semicolon separates parameters, too',
    replies: ['Bearer realm="x"; error="insufficient_scope"'],
    refreshes: 0,
  },
  {
    row: 'H16',
    claim: 'a scope that does not do',
    replies: [
      'Bearer error="insufficient_scope", scope="a b"',
      challenged(403, 'Bearer error="insufficient_scope", scope="a b"'),
    ],
    refreshes: 0,
  },
  {
    row: 'H17',
    claim: 'a request that is wrong',
    replies: ['Bearer error="invalid_request"', challenged(400, 'Bearer error="invalid_request"')],
    refreshes: 0,
  },
  // DPoP is not offered: for a Bearer client its challenge is that of any other scheme, so that the 401 alone counts.
  {
    row: 'H18',
    claim: 'a DPoP challenge alone',
    replies: [
      { status: 401, headers: { 'www-authenticate': 'DPoP error="use_dpop_nonce"', 'dpop-nonce': 'n' } },
    ],
    refreshes: 1,
  },
  {
    row: 'H19',
    claim: 'the error of another scheme is not that of Bearer',
    replies: [
      'Bearer error="invalid_token", DPoP algs="ES256", error="insufficient_scope"',
      'DPoP error="insufficient_scope", Bearer error="invalid_token"',
    ],
    refreshes: 1,
  },
  {
    row: 'H20',
    claim: 'what is longer than 8 KiB is not read',
    replies: [
      `Bearer error="insufficient_scope", realm="${'x'.repeat(50_000)}"`,
      `Bearer ${'a=b, '.repeat(20_000)}error="insufficient_scope"`,
      `Bearer realm="${'\\'.repeat(30_000)}", error="insufficient_scope"`,
    ],
    refreshes: 1,
  },
  {
    row: 'H20',
    claim: 'what is shorter is read, however tangled',
    replies: [
      `Bearer realm="${'x'.repeat(8000)}", error="insufficient_scope"`,
      `Bearer ${'a=b,'.repeat(2000)}error="insufficient_scope"`,
      `Bearer realm="${'\\\\'.repeat(4000)}", error="insufficient_scope"`,
    ],
    refreshes: 0,
  },
  {
    row: 'H21',
    claim: 'characters that do not belong there do no harm',
    replies: ['Bearer error_description="\u0007ä😀", error="insufficient_scope"'],
    refreshes: 0,
  },
  {
    row: 'H22',
    claim: 'the header in any form and case',
    replies: [
      { 'WWW-AUTHENTICATE': 'Bearer error="insufficient_scope"' },
      { 'Www-Authenticate': ['Basic realm="x"', 'Bearer error="insufficient_scope"'] },
      new AxiosHeaders({ 'www-authenticate': 'Bearer error="insufficient_scope"' }),
    ].map((headers) => ({ status: 401, headers })),
    refreshes: 0,
  },
  {
    row: 'H23',
    claim: 'a proxy that asks for a sign-in',
    replies: [{ status: 407, headers: { 'proxy-authenticate': 'Bearer error="invalid_token"' } }],
    refreshes: 0,
  },
  {
    row: 'H24',
    claim: 'the HTML page of a firewall',
    replies: [{ status: 401, headers: { 'content-type': 'text/html' }, data: '<html>' }],
    refreshes: 1,
  },
  {
    row: 'H25',
    claim: 'a challenge on a 200',
    replies: [challenged(200, 'Bearer error="invalid_token"')],
    refreshes: 0,
  },
]

const cases = tokenKinds.flatMap((kind) =>
  rows.map((row) => [row.row, row.claim, row.refreshes, kind.name, { ...row, kind }] as const),
)

test.each(cases)(
  '%s: %s causes %d refreshes, with %s',
  async (_, __, ___, ____, { kind, replies, refreshes }) => {
    for (const reply of replies) {
      const stage = await signedInStage({ kind })
      const count = await elapse(
        refreshesFor(stage, typeof reply === 'string' ? challenged(401, reply) : reply),
      )
      expect([reply, count]).toEqual([reply, refreshes])
      expect(stage.sent).toHaveLength(1 + refreshes)
    }
  },
)

test.each(['Authorization', 'authorization', 'AUTHORIZATION'])(
  "H26: the caller's own %s is left as it is, and its 401 causes no refresh",
  async (name) => {
    const stage = await signedInStage()
    const own = 'Basic dXNlcjpwYXNz'
    await elapse(stage.api.get('/me', { headers: { [name]: own }, validateStatus: null }))
    expect(stage.sent.map(({ authorization }) => authorization)).toEqual([own])
    expect(stage.refreshes).toHaveLength(0)
  },
)

// H27, `Retry-After` that is no time, is with row R30.
