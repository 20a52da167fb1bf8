// @vitest-environment node
import { afterEach, describe, expect, test } from 'vitest'
import { unsignedJwt } from '../support/unsigned-jwt.js'
import {
  appOrigin,
  type RefreshServer,
  type ServerOptions,
  startRefreshServer,
} from './support/refresh-server.js'
import { doctor } from './support/run-doctor.js'

let server: RefreshServer | undefined
afterEach(() => server?.close())

const protocol = 'oauth2 with DPoP'
const clientId = ['--client-id', 'spa']

async function run(options: ServerOptions, args: string[], hasSignIn = true) {
  server = await startRefreshServer({ protocol, ...options })
  const stdin = hasSignIn ? server.signIn : ''
  const own = [server.url, '--origin', appOrigin, '--json', ...args]
  return doctor(own, { stdin })
}

describe('a healthy server that wants DPoP is told, with the line to copy', () => {
  test.each([
    ['by the token_type of the sign-in reply', true, 'bound'],
    ['by its use_dpop_nonce to made-up tokens', false, 'guess'],
  ] as const)('%s', async (_, hasSignIn, by) => {
    const { report, codes, exitCode } = await run({}, clientId, hasSignIn)
    expect(codes).toEqual(['DPOP_WANTED'])
    const code = `oauth2({ url: '${server?.url}', clientId: 'spa', dpop: true })`
    expect(report.protocol).toEqual({ name: 'oauth2', code, by })
    expect(report.findings[0]?.right).toContain(code)
    expect(exitCode).toBe(0)
  })

  test('by an access token that is bound to a key', async () => {
    const { codes, report } = await run({ claims: () => ({ cnf: { jkt: 'thumbprint' } }) }, clientId)
    expect(codes).toEqual(['DPOP_WANTED'])
    expect(report.protocol?.by).toBe('bound')
  })

  test('by the challenge of the API', async () => {
    server = await startRefreshServer({
      fault({ kind, headers }) {
        if (kind === 'api') headers['WWW-Authenticate'] = 'DPoP algs="ES256"'
      },
    })
    const own = [server.url, '--origin', appOrigin, '--json', '--api', server.api]
    const { codes, report } = await doctor(own)
    expect(codes).toEqual(['DPOP_WANTED'])
    expect(report.findings[0]?.wrong).toContain('WWW-Authenticate: DPoP')
  })

  test('without the id of the client, which the line then leaves open', async () => {
    const { report, codes } = await run({}, [])
    expect(codes).toEqual(['DPOP_WANTED'])
    expect(report.findings[0]?.right).toContain('oauth2({ url, clientId, dpop: true })')
  })
})

test('no token of the sign-in is sent, since only the browser with the key can refresh it', async () => {
  await run({}, clientId)
  expect(server?.brought.filter((token) => server?.issued.includes(token))).toEqual([])
  expect(server?.brought.length, 'a made-up one was, with a proof').toBe(1)
})

test('a preflight that does not allow DPoP is a problem', async () => {
  const { codes } = await run(
    {
      fault({ kind, headers }) {
        if (kind === 'preflight') headers['Access-Control-Allow-Headers'] = 'Authorization'
      },
    },
    clientId,
  )
  expect(codes.sort()).toEqual(['DPOP_WANTED', 'PREFLIGHT_HEADERS'])
})

test('a server that asks for a nonce and does not expose it is told', async () => {
  const { report, codes } = await run(
    {
      fault({ kind, headers }) {
        if (kind === 'refusal') headers['DPoP-Nonce'] = 'n1'
        headers['Access-Control-Expose-Headers'] = 'Retry-After, WWW-Authenticate'
      },
    },
    clientId,
  )
  expect(codes.sort()).toEqual(['DPOP_WANTED', 'EXPOSE_HEADERS'])
  expect(report.findings.find(({ code }) => code === 'EXPOSE_HEADERS')?.add).toContain('DPoP-Nonce')
})

test('a token that says nothing of a key is no reason to speak of DPoP', async () => {
  server = await startRefreshServer()
  const stdin = JSON.stringify({ accessToken: unsignedJwt({ cnf: {} }), refreshToken: 'none-0123456789' })
  const { codes } = await doctor([server.url, '--origin', appOrigin, '--json'], { stdin })
  expect(codes).toEqual(['NO_PROTOCOL_FITS'])
})
