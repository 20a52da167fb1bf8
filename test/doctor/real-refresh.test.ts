// @vitest-environment node
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import {
  appOrigin,
  type RefreshServer,
  type ServerOptions,
  startRefreshServer,
} from './support/refresh-server.js'
import { doctor, type RunOptions } from './support/run-doctor.js'

let server: RefreshServer | undefined
afterEach(() => server?.close())

async function run(options: ServerOptions, args: string[] = [], more: RunOptions = {}) {
  server = await startRefreshServer(options)
  return doctor([server.url, '--origin', appOrigin, '--json', ...args], { stdin: server.signIn, ...more })
}

test('without --reuse the refresh token is used once', async () => {
  await run({ protocol: 'simpleJwt' })
  const real = server?.brought.filter((token) => server?.issued.includes(token))
  expect(real?.length).toBe(1)
})

test('a token that made-up tokens pointed to is tried first: no protocol gets it in vain', async () => {
  const { report } = await run({ protocol: 'bearerRefresh' })
  expect(report.protocol?.name).toBe('bearerRefresh')
  const [, refreshToken = ''] = server?.issued ?? []
  expect(server?.calls.filter((call) => call.includes(refreshToken)).length).toBe(1)
})

test('a second use that ends the session is told, and what is right', async () => {
  const { report, exitCode } = await run({ onReuse: 'end' }, ['--reuse'])
  expect(report.reuse).toBe('ends the session')
  expect(report.findings.map(({ code }) => code)).toEqual(['REUSE_ENDS_SESSION'])
  expect(exitCode).toBe(0)
})

test('the CSRF token of the call is that of the cookies that go with it', async () => {
  const protocol = 'cookie with a CSRF token'
  const { report } = await run({ protocol, onReuse: 'end' }, ['--reuse', '--csrf-header', 'X-CSRF-Token'])
  expect(report.reuse).toBe('ends the session')
})

test('a second use that is refused and harms nobody is told', async () => {
  const { report } = await run({ onReuse: 'refuse' }, ['--reuse'])
  expect(report.reuse).toBe('refused')
  expect(report.findings.map(({ code }) => code)).toEqual(['REUSE_NOT_FORGIVEN'])
})

test('a refresh token that stays the same is not called reuse', async () => {
  const { report } = await run(
    {
      fault(answer, _, { accessToken }) {
        if (answer.kind === 'grant') answer.body = { accessToken }
      },
    },
    ['--reuse'],
  )
  expect(report).toMatchObject({ rotates: false, reuse: 'not rotated', findings: [] })
})

test('where the access token has to expire first, a short life is waited for', async () => {
  const waited: number[] = []
  const start = Date.now()
  let aheadMs = 0
  const { report } = await run(
    { protocol: 'headerPair', dueAt: start + 15_000, claims: (now) => ({ exp: now + 15 }) },
    [],
    {
      now: () => Date.now() + aheadMs,
      async sleep(ms) {
        waited.push(ms)
        aheadMs += ms
        if (server) server.aheadMs += ms
      },
    },
  )
  expect(waited.length).toBe(1)
  expect(waited[0]).toBeGreaterThan(10_000)
  expect(report.protocol).toMatchObject({ name: 'headerPair', by: 'refreshed' })
})

test('where the access token lives longer, the protocol is known all the same', async () => {
  const { report, exitCode } = await run({ protocol: 'headerPair', dueAt: Date.now() + 1e6 }, ['--reuse'])
  expect(report.protocol).toMatchObject({ name: 'headerPair', by: 'not due' })
  expect(report.findings).toEqual([])
  expect(exitCode).toBe(0)
})

test('a dead refresh token fits no protocol, and the answers are told without the token', async () => {
  server = await startRefreshServer({
    fault(answer) {
      if (answer.kind === 'refusal') answer.body = { message: 'Token dead-token-0123456789 is unknown' }
    },
  })
  const stdin = JSON.stringify({
    accessToken: 'dead-access-0123456789',
    refreshToken: 'dead-token-0123456789',
  })
  const { report, out, exitCode } = await doctor([server.url, '--origin', appOrigin, '--json'], { stdin })
  const [found] = report.findings
  expect(found?.code).toBe('NO_PROTOCOL_FITS')
  expect(found?.wrong).toContain('401 “Token [token] is unknown”')
  expect(out).not.toMatch(/dead-/)
  expect(exitCode).toBe(1)
})

test('after a 429 no further protocol is tried', async () => {
  const { report } = await run({
    fault(answer, request) {
      if (request.method === 'POST') Object.assign(answer, { status: 429, body: { message: 'Slow down' } })
    },
  })
  expect(report.findings.map(({ code }) => code)).toContain('RATE_LIMITED')
  const real = server?.brought.filter((token) => server?.issued.includes(token)) ?? []
  expect(real.length).toBeLessThan(2)
})

test('no token goes to a server of plain http that is not this machine', async () => {
  const sent: string[] = []
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    sent.push(`${url} ${JSON.stringify([...new Headers(init.headers)])} ${init.body}`)
    return Response.json({ message: 'No' }, { status: 401 })
  })
  onTestFinished(() => void vi.unstubAllGlobals())
  const stdin = JSON.stringify({ accessToken: 'access-0123456789', refreshToken: 'refresh-0123456789' })
  const { codes } = await doctor(['http://api.test/refresh', '--origin', 'https://app.test', '--json'], {
    stdin,
  })
  expect(codes).toContain('INSECURE_URL')
  expect(sent.length).toBeGreaterThan(1)
  expect(sent.filter((call) => call.includes('0123456789'))).toEqual([])
})

test('an access token of which the server keeps the clock is measured by its own words', async () => {
  const { report } = await run({
    fault(answer) {
      if (answer.kind === 'grant')
        answer.body = { ...(answer.body as object), accessToken: 'opaque', expiresIn: 900 }
    },
  })
  expect(report.accessTokenLives).toBe(900)
  expect(report.findings).toEqual([])
})

test.each([
  { protocol: 'aspnetPair', name: 'aspnetPair', status: 400, body: 'Invalid client request' },
  { protocol: 'bearerRefresh', name: 'bearerRefresh', status: 401, body: { msg: 'Token has expired' } },
])('of two protocols with the same call, $name is the one that understands the refusal', async (one) => {
  const { report } = await run({
    protocol: one.protocol,
    fault(answer) {
      if (answer.kind === 'refusal') Object.assign(answer, { status: one.status, body: one.body })
    },
  })
  expect(report.protocol?.name).toBe(one.name)
  expect(report.findings).toEqual([])
})
