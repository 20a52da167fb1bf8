// @vitest-environment node
import { afterEach, expect, test } from 'vitest'
import { protocolRules } from './support/protocol-rules.js'
import { appOrigin, type RefreshServer, startRefreshServer } from './support/refresh-server.js'
import { doctor } from './support/run-doctor.js'

let server: RefreshServer | undefined
afterEach(() => server?.close())

const protocols = Object.keys(protocolRules)

test.each(protocols)('a healthy server of %s gives no finding, and the line to copy', async (protocol) => {
  server = await startRefreshServer({ protocol })
  const { args = [], code, hasOneToken } = protocolRules[protocol] ?? {}
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
    name: code?.replace(/\(.*/, ''),
    code: code?.replace(/\burl\b/, `url: '${server.url}'`),
    by: 'refreshed',
  })
  expect(report.accessTokenLives).toBe(600)
  if (!hasOneToken) expect(report).toMatchObject({ rotates: true, reuse: 'forgiven' })
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
