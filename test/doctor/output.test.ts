// @vitest-environment node
import { afterEach, expect, test } from 'vitest'
import { protocolRules } from './support/protocol-rules.js'
import { appOrigin, type RefreshServer, startRefreshServer } from './support/refresh-server.js'
import { doctor } from './support/run-doctor.js'

let server: RefreshServer | undefined
afterEach(() => server?.close())

test.each(Object.keys(protocolRules))(
  'no token of %s is printed, though the server quotes them',
  async (protocol) => {
    const { args = [] } = protocolRules[protocol] ?? {}
    for (const form of [['--json'], []]) {
      for (const cut of [
        (token = '') => token,
        (token = '') => token.slice(0, 20),
        (token = '') => token.slice(-20),
      ]) {
        server = await startRefreshServer({
          protocol,
          fault(answer, _, { accessToken }) {
            answer.headers['Access-Control-Allow-Origin'] =
              `https://${cut(accessToken || server?.handedOut[0])}`
            if (answer.kind !== 'nothing' && answer.kind !== 'refusal') return
            answer.status = 400
            answer.body = { message: `No: ${cut(server?.handedOut[0])} ${cut(server?.handedOut.at(-1))}` }
          },
        })
        const own = [server.url, '--origin', appOrigin, '--api', server.api, ...args, '--reuse', ...form]
        const { out, err } = await doctor(own, { stdin: server.signIn })
        await server.close()
        expect(out).toContain('ALLOW_ORIGIN_WRONG')
        const parts = server.handedOut.flatMap((token) => [
          token.slice(0, 20),
          token.slice(20, 40),
          token.slice(-20),
        ])
        expect(parts.filter((part) => (out + err).includes(part))).toEqual([])
      }
    }
  },
)

test('a token in the URL is not printed', async () => {
  server = await startRefreshServer()
  const [, refreshToken] = server.issued
  const { out } = await doctor([`${server.url}?t=${refreshToken}`, '--origin', appOrigin], {
    stdin: server.signIn,
  })
  expect(out).toContain('?t=[token]')
  expect(out).not.toContain(refreshToken)
})

test('a finding says what is wrong, what is right, and the header to add', async () => {
  server = await startRefreshServer({
    fault({ kind, headers }) {
      if (kind === 'refusal') delete headers['Access-Control-Allow-Origin']
    },
  })
  const { out, exitCode } = await doctor([server.url, '--origin', appOrigin], { stdin: server.signIn })
  expect(out).toContain('✗ ALLOW_ORIGIN_NOT_ON_ERRORS\n  wrong  The reply to an invalid token has no')
  expect(out).toContain(`  add    Access-Control-Allow-Origin: ${appOrigin}\n`)
  expect(out).toContain(`refresh: jsonRefresh({ url: '${server.url}' })`)
  expect(out).toContain('1 problem\n')
  expect(exitCode).toBe(1)
})

test.each([
  { what: 'a terminal', isTTY: true, env: {}, hasColours: true },
  { what: 'a terminal with NO_COLOR', isTTY: true, env: { NO_COLOR: '1' }, hasColours: false },
  { what: 'a file', isTTY: false, env: {}, hasColours: false },
])('$what gets colours: $hasColours', async ({ isTTY, env, hasColours }) => {
  server = await startRefreshServer()
  const { out } = await doctor([server.url, '--origin', appOrigin], { isTTY, env })
  expect(out.includes('\x1b[')).toBe(hasColours)
})

test('what a terminal would take for a command is not passed on', async () => {
  server = await startRefreshServer({
    fault(answer) {
      if (answer.kind === 'refusal')
        Object.assign(answer, { status: 400, body: { message: '\x1b]0;gone\x07\x1b[2J' } })
    },
  })
  const { out } = await doctor([server.url, '--origin', appOrigin, '--protocol', 'jsonRefresh'])
  expect(out).toContain('REFUSAL_STATUS')
  expect(out).not.toContain('\x1b')
})

test.each([
  { args: [], says: 'Name the URL' },
  { args: ['nonsense', '--origin', appOrigin], says: 'full http or https URL' },
  { args: ['https://ada:secret@api.example/refresh', '--origin', appOrigin], says: 'without a user' },
  { args: ['https://api.example/refresh'], says: 'Name the origin' },
  { args: ['https://api.example/refresh', '--origin', 'https://app.example/path'], says: 'without a path' },
  {
    args: ['https://api.example/refresh', '--origin', appOrigin, '--protocol', 'telepathy'],
    says: 'jsonRefresh',
  },
  {
    args: ['https://api.example/refresh', '--origin', appOrigin, '--protocol', 'oauth2'],
    says: '--client-id',
  },
  { args: ['https://api.example/refresh', '--origin', appOrigin, '--reuse'], says: 'needs a sign-in reply' },
  { args: ['https://api.example/refresh', '--origin', appOrigin, '--what'], says: '--what' },
  { args: ['https://api.example/refresh', '--origin', appOrigin, '--timeout', '0'], says: '--timeout' },
])('wrong usage is code 2: $says', async ({ args, says }) => {
  const { exitCode, out, err } = await doctor(args)
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' })
  expect(err).toContain(says)
})

test.each([
  { stdin: 'not JSON', says: 'is not JSON' },
  { stdin: '{"user":"ada"}', says: 'contains no token' },
  { stdin: 'HTTP/1.1 401 Unauthorized\r\n\r\n{"message":"No"}', says: 'contains no token' },
])('a sign-in reply that is none is code 2, and is not quoted: $says', async ({ stdin, says }) => {
  const { exitCode, err } = await doctor(['https://api.example/refresh', '--origin', appOrigin], { stdin })
  expect(exitCode).toBe(2)
  expect(err).toContain(says)
  expect(err).not.toContain('ada')
})

test('--help names every option and what a wrong guess may cost', async () => {
  const { exitCode, out } = await doctor(['--help'])
  expect(exitCode).toBe(0)
  for (const option of [
    '--origin',
    '--api',
    '--protocol',
    '--client-id',
    '--csrf-header',
    '--reuse',
    '--json',
  ]) {
    expect(out).toContain(option)
  }
  expect(out).toContain('may count as a failed attempt')
})
