// @vitest-environment node
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import type { Session } from '../../src/index.js'
import { openSession } from '../support/guarded-api.js'
import { keepOpen } from './code/socket.js'

let server: WebSocketServer
let url: string
let accepted: string
/** What each socket said first, and the URL it came by. */
let arrivals: { token: string; url: string | undefined }[]
let open: Set<WebSocket>
let refreshes: number
let session: Session
let controller: AbortController

beforeEach(async () => {
  // Node 20 has none of its own.
  vi.stubGlobal('WebSocket', WebSocket)
  accepted = 'access-1'
  arrivals = []
  open = new Set()
  refreshes = 0
  controller = new AbortController()
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await new Promise((resolve) => server.once('listening', resolve))
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/feed`
  server.on('connection', (socket, request: IncomingMessage) => {
    socket.once('message', (data) => {
      const token = String(data)
      arrivals.push({ token, url: request.url })
      if (token !== accepted) return socket.close(4401)
      open.add(socket)
      socket.once('close', () => open.delete(socket))
      socket.send(`welcome ${token}`)
    })
  })
  session = openSession({
    async refresh() {
      refreshes++
      accepted = `access-${refreshes + 1}`
      return { accessToken: accepted, refreshToken: `refresh-${refreshes + 1}` }
    },
  })
  await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1' })
})

afterEach(async () => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  controller.abort()
  for (const socket of server.clients) socket.terminate()
  await new Promise((resolve) => server.close(resolve))
})

/** Opens a socket; `said(n)` resolves with the n-th message. */
function listen() {
  const messages: string[] = []
  const done = keepOpen(session, url, (message) => messages.push(message), controller.signal)
  const said = (count: number): Promise<string | undefined> =>
    vi.waitFor(() => {
      expect(messages.length).toBeGreaterThanOrEqual(count)
      return messages[count - 1]
    })
  return { done, said, messages }
}

test('a socket says its token first, and its URL holds none', async () => {
  const { said } = listen()
  expect(await said(1)).toBe('welcome access-1')
  expect(arrivals).toEqual([{ token: 'access-1', url: '/feed' }])
  expect(refreshes).toBe(0)
})

test('a token that is known to have expired is refreshed before a socket opens', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  await session.setTokens({ accessToken: 'access-0', refreshToken: 'refresh-0', expiresIn: 15 })
  vi.setSystemTime(Date.now() + 15_000)
  const { said } = listen()
  expect(await said(1)).toBe('welcome access-2')
  expect(arrivals).toHaveLength(1)
  expect(refreshes).toBe(1)
})

test('a socket that the server closes over an expiry opens again with a new token', async () => {
  const { said } = listen()
  await said(1)
  accepted = 'none'
  for (const socket of open) socket.close(4401)
  expect(await said(2)).toBe('welcome access-2')
  expect(refreshes).toBe(1)
})

test('five sockets that are closed over one expiry cause one refresh', async () => {
  const sockets = Array.from({ length: 5 }, listen)
  await Promise.all(sockets.map(({ said }) => said(1)))
  accepted = 'none'
  for (const socket of open) socket.close(4401)
  expect(await Promise.all(sockets.map(({ said }) => said(2)))).toEqual(Array(5).fill('welcome access-2'))
  expect(refreshes).toBe(1)
})

test('abort closes the socket, and nothing opens it again', async () => {
  const { said, done } = listen()
  await said(1)
  controller.abort()
  await done
  expect(arrivals).toHaveLength(1)
})

test('a socket that the server ends while nobody is signed in stays closed', async () => {
  const { said, done } = listen()
  await said(1)
  await session.signOut()
  for (const socket of open) socket.close(4401)
  await done
  expect(arrivals).toHaveLength(1)
})
