// @vitest-environment node
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { whyUnreachable } from '../../bin/doctor/unreachable.js'
import { appOrigin } from './support/refresh-server.js'
import { doctor } from './support/run-doctor.js'

const examine = (url: string, ...more: string[]) => doctor([url, '--origin', appOrigin, '--json', ...more])

async function portOf(server: ReturnType<typeof createTcpServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

test('a host that no DNS server knows is told', async () => {
  const { codes, exitCode } = await examine('https://nobody.invalid/refresh')
  expect(codes).toEqual(['HOST_UNKNOWN'])
  expect(exitCode).toBe(1)
})

test('a port where nothing listens is told', async () => {
  const server = createTcpServer()
  const port = await portOf(server)
  await new Promise((resolve) => server.close(resolve))
  expect((await examine(`http://127.0.0.1:${port}/refresh`)).codes).toEqual(['CONNECTION_REFUSED'])
})

test('a server that breaks the connection off is told', async () => {
  const server = createTcpServer((socket) => socket.destroy())
  onTestFinished(() => void server.close())
  const port = await portOf(server)
  expect((await examine(`http://127.0.0.1:${port}/refresh`)).codes).toEqual(['CONNECTION_BROKEN'])
})

test('a port of plain http that is asked for https is told', async () => {
  const server = createServer((_, response) => void response.end())
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const port = await portOf(server)
  expect((await examine(`https://127.0.0.1:${port}/refresh`)).codes).toEqual(['TLS_FAILED'])
})

test('a server that never answers is told', async () => {
  const server = createServer(() => {})
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const port = await portOf(server)
  const { codes } = await examine(`http://127.0.0.1:${port}/refresh`, '--timeout', '0.2')
  expect(codes).toEqual(['TIMED_OUT'])
})

const failed = (code: string): TypeError =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('secret words'), { code }) })

test.each([
  ['CERT_HAS_EXPIRED', 'CERTIFICATE', /has expired/],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'CERTIFICATE', /self-signed/],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'CERTIFICATE', /does not know/],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'CERTIFICATE', /without the intermediate/],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'CERTIFICATE', /another host name/],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'TLS_FAILED', /TLS handshake/],
  ['EAI_AGAIN', 'HOST_UNKNOWN', /api\.example/],
  ['ETIMEDOUT', 'TIMED_OUT', /within 10 s/],
  ['UND_ERR_SOCKET', 'CONNECTION_BROKEN', /without a reply/],
  ['EHOSTUNREACH', 'UNREACHABLE', /EHOSTUNREACH/],
])('%s is %s, in plain words', (code, expected, words) => {
  const found = whyUnreachable(failed(code), 'https://api.example/refresh', 10_000)
  expect(found.code).toBe(expected)
  expect(found.wrong).toMatch(words)
  expect(found.wrong).not.toContain('secret')
})
