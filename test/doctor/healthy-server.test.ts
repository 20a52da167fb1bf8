// @vitest-environment node
import { afterEach, expect, test } from 'vitest'
import { protocolRules } from './support/protocol-rules.js'
import { appOrigin, type RefreshServer, startRefreshServer } from './support/refresh-server.js'
import { doctor } from './support/run-doctor.js'

let server: RefreshServer | undefined
afterEach(() => server?.close())

// Those of DPoP have tests of their own.
const protocols = Object.keys(protocolRules).filter((name) => !protocolRules[name]?.isBound)

test.each(protocols)('a healthy server of %s gives no finding, and the line to copy', async (protocol) => {
  server = await startRefreshServer({ protocol })
  const { args = [], code = '', hasOneToken, isStatic, isHidden } = protocolRules[protocol] ?? {}
  const own = [
    '--origin',
    appOrigin,
    '--api',
    server.api,
    '--json',
    ...args,
    ...(hasOneToken ? [] : ['--reuse']),
  ]
  const { report, exitCode } = await doctor([server.url, ...own], { stdin: server.signIn })
  expect(report.findings).toEqual([])
  expect(report.protocol).toEqual({
    name: /\w+(?=\()/.exec(code)?.[0],
    code: code.replace(/\burl\b/, `url: '${server.url}'`),
    by: 'refreshed',
  })
  expect(report.accessTokenLives).toBe(isHidden ? undefined : 600)
  if (isStatic) expect(report).toMatchObject({ rotates: false, reuse: 'not rotated' })
  else if (!hasOneToken) expect(report).toMatchObject({ rotates: true, reuse: 'forgiven' })
  expect({ exitCode, ok: report.ok }).toEqual({ exitCode: 0, ok: true })
})

test.each(protocols)('a healthy server of %s gives no finding without a sign-in reply', async (protocol) => {
  server = await startRefreshServer({ protocol })
  const { args = [] } = protocolRules[protocol] ?? {}
  const name = protocol.split(' ')[0] ?? ''
  const own = args.includes('--protocol') || protocol.includes(' ') ? args : ['--protocol', name, ...args]
  const { report, exitCode } = await doctor([server.url, '--origin', appOrigin, '--json', ...own])
  expect(report.findings.filter(({ level }) => level === 'problem')).toEqual([])
  expect(exitCode).toBe(0)
})

test('a page of the same origin needs no CORS', async () => {
  server = await startRefreshServer({
    fault({ headers }) {
      for (const name of Object.keys(headers)) if (/^access-control/i.test(name)) delete headers[name]
    },
  })
  const origin = new URL(server.url).origin
  const { report } = await doctor([server.url, '--origin', origin, '--json'], { stdin: server.signIn })
  expect(report.findings).toEqual([])
  expect(report.preflights).toBeUndefined()
})

test('the protocol is guessed by the answer to made-up tokens, where nobody signed in', async () => {
  server = await startRefreshServer({ protocol: 'simpleJwt' })
  const { report } = await doctor([server.url, '--origin', appOrigin, '--json'])
  expect(report.protocol).toMatchObject({ name: 'simpleJwt', by: 'guess' })
})

test('an endpoint that takes GET alone is called by GET', async () => {
  server = await startRefreshServer({
    protocol: 'xRefreshToken',
    fault(answer, { method }) {
      if (method === 'POST') answer.status = 405
    },
  })
  const { report } = await doctor([server.url, '--origin', appOrigin, '--json'], { stdin: server.signIn })
  expect(report.findings).toEqual([])
  expect(report.protocol?.code).toBe(`{ ...xRefreshToken({ url: '${server.url}' }), method: 'GET' }`)
})

test('tokens in unusual places are found, and the line to copy says where', async () => {
  server = await startRefreshServer({
    fault(answer, _, { accessToken, refreshToken }) {
      if (answer.kind === 'grant') answer.body = { tokens: { access: { token: accessToken }, refreshToken } }
    },
  })
  const { report } = await doctor([server.url, '--origin', appOrigin, '--json'], { stdin: server.signIn })
  expect(report.findings).toEqual([])
  expect(report.protocol?.code).toBe(
    `{ ...jsonRefresh({ url: '${server.url}' }), parse: tokensAt({ accessToken: 'tokens.access.token', refreshToken: 'tokens.refreshToken' }) }`,
  )
})

test.each(['supabase', 'firebase'])(
  '%s is known by its address, and no other protocol is tried',
  async (protocol) => {
    server = await startRefreshServer({ protocol })
    const { args = [] } = protocolRules[protocol] ?? {}
    const { report } = await doctor([server.url, '--origin', appOrigin, '--json', ...args])
    expect(report.protocol).toMatchObject({ name: protocol, by: 'guess' })
    expect(report.preflights?.length).toBe(1)
  },
)

test('the header in which the API looks for the token is found without a good one, by its words', async () => {
  server = await startRefreshServer({ protocol: 'jsonRefresh with x-access-token' })
  const { report } = await doctor([server.url, '--origin', appOrigin, '--json', '--api', server.api])
  expect(report.authorize).toBe("accessTokenHeader('x-access-token')")
  expect(report.protocol?.code).toContain("authorize: accessTokenHeader('x-access-token') }")
})

test('an API that gives the same answer to whatever comes is called as is usual', async () => {
  server = await startRefreshServer({
    fault(answer) {
      if (answer.kind === 'api') answer.body = { message: 'Unauthorized' }
    },
  })
  const { report } = await doctor([server.url, '--origin', appOrigin, '--json', '--api', server.api])
  expect(report.authorize).toBeUndefined()
  expect(report.findings).toEqual([])
})
