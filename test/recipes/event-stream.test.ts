import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { EventSourceMessage } from 'eventsource-parser'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { withSession } from '../../src/fetch.js'
import type { Session } from '../../src/index.js'
import { openSession } from '../support/guarded-api.js'
import { follow } from './code/event-stream.js'

let server: Server
let origin: string
let accepted: string
let refreshes: number
let session: Session
let controller: AbortController
/** Each request's token and the id it goes on from. */
let arrivals: [authorization: string | undefined, lastEventId: string | undefined][]
let respond: (response: ServerResponse, lastEventId: number) => void

/** An event, and the time to wait before the next connection. */
const event = (id: number): string => `retry: 1\nid: ${id}\ndata: number ${id}\n\n`

beforeEach(async () => {
  accepted = 'access-1'
  refreshes = 0
  arrivals = []
  controller = new AbortController()
  respond = (response, lastEventId) => response.write(event(lastEventId + 1))
  server = createServer(({ headers }: IncomingMessage, response) => {
    const lastEventId = headers['last-event-id'] as string | undefined
    arrivals.push([headers.authorization, lastEventId])
    const isAccepted = headers.authorization === `Bearer ${accepted}`
    response.writeHead(isAccepted ? 200 : 401, { 'Content-Type': 'text/event-stream' })
    if (isAccepted) respond(response, Number(lastEventId ?? 0))
    else response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  session = openSession({
    allowedOrigins: [origin],
    async refresh() {
      refreshes++
      accepted = `access-${refreshes + 1}`
      return { accessToken: accepted, refreshToken: `refresh-${refreshes + 1}` }
    },
  })
  await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1' })
})

afterEach(async () => {
  controller.abort()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

function listen() {
  const events: EventSourceMessage[] = []
  const api = withSession(fetch, session)
  const done = follow(api, `${origin}/events`, (event) => events.push(event), controller.signal)
  const told = (count: number): Promise<string[]> =>
    vi.waitFor(() => {
      expect(events.length).toBeGreaterThanOrEqual(count)
      return events.map(({ data }) => data)
    })
  return { done, told }
}

test('events arrive while the reply is still under way', async () => {
  const { told } = listen()
  expect(await told(1)).toEqual(['number 1'])
  expect(arrivals).toEqual([['Bearer access-1', undefined]])
})

test('a stream that ends over an expiry goes on where it was, with a new token', async () => {
  respond = (response, lastEventId) => {
    response.write(event(lastEventId + 1))
    if (lastEventId > 0) return
    // The token expires, and the server ends the stream.
    accepted = 'none'
    response.end()
  }
  const { told } = listen()
  expect(await told(2)).toEqual(['number 1', 'number 2'])
  expect(arrivals).toEqual([
    ['Bearer access-1', undefined],
    ['Bearer access-1', '1'],
    ['Bearer access-2', '1'],
  ])
  expect(refreshes).toBe(1)
})

test('a stream that breaks off goes on where it was, without a refresh', async () => {
  respond = (response, lastEventId) => {
    response.write(event(lastEventId + 1), () => lastEventId === 0 && response.destroy())
  }
  const { told } = listen()
  expect(await told(2)).toEqual(['number 1', 'number 2'])
  expect(refreshes).toBe(0)
})

test('abort ends it, in the middle of the stream', async () => {
  const { told, done } = listen()
  await told(1)
  controller.abort()
  await done
  expect(arrivals).toHaveLength(1)
})

test('a session that has ended ends it as well: the 401 of the server is thrown', async () => {
  const { told, done } = listen()
  await told(1)
  await session.signOut()
  server.closeAllConnections()
  await expect(done).rejects.toThrow('status 401')
})
