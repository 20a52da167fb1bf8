import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createTokenFamilies } from '../../../scripts/token-families.mjs'
import type { Checkpoint } from './checkpoint.js'

/** One file that was asked for. */
export interface FileRequest {
  path: string
  status: number
  authorization: string | undefined
  range: string | undefined
  mode: string | undefined
}

/**
 * An app on an origin of its own, its auth server with strict rotation and no grace, and files that take the token: on the
 * app's origin, on one that allows it across origins, and on one that does not.
 */
export interface WorkerServer {
  readonly app: string
  readonly files: string
  /** Its replies have no CORS headers. */
  readonly plain: string
  /** Takes no token: it answers everybody, and keeps what it was sent. */
  readonly foreign: string
  /** The refresh tokens that were handed in, and what came of each. */
  readonly refreshes: readonly { outcome: string }[]
  /** How often the refresh endpoint was called, whatever it answered. */
  asked(): number
  readonly requests: FileRequest[]
  readonly seenByForeign: (string | undefined)[]
  /** Bytes of the download that were taken off the server's hands. */
  downloaded(): number
  /** The next calls of the refresh endpoint, in turn. */
  nextRefresh(fault: { beforeRotation?: Checkpoint; afterRotation?: Checkpoint; status?: number }): void
  /** Another version of the worker's script. */
  update(): void
  expire(): void
  close(): Promise<void>
}

export const downloadSize = 50 * 2 ** 20
/** Two minutes of silence. */
const sound = wave(120)
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

export async function startWorkerServer(scripts: { page: string; worker: string }): Promise<WorkerServer> {
  let { worker } = scripts
  const families = createTokenFamilies({ graceMs: 0 })
  const refreshes: { outcome: string }[] = []
  const requests: FileRequest[] = []
  const seenByForeign: (string | undefined)[] = []
  const faults: Parameters<WorkerServer['nextRefresh']>[0][] = []
  let downloaded = 0
  let asked = 0
  let events = 0

  async function refresh({ headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    const { beforeRotation, afterRotation, status } = faults.shift() ?? {}
    asked++
    await sleep(30)
    await beforeRotation?.pass()
    if (status) return json(response, status, { message: 'Trouble' })
    const rotation = families.rotate(String(headers.refresh), undefined, '')
    refreshes.push({ outcome: rotation.outcome })
    await afterRotation?.pass()
    if ('pair' in rotation) json(response, 200, rotation.pair)
    else json(response, 401, { message: 'Sign in again' })
  }

  function answerFile(
    path: string,
    query: URLSearchParams,
    request: IncomingMessage,
    response: ServerResponse,
  ) {
    const { authorization, range } = request.headers
    const user = families.userOf((authorization ?? '').replace(/^Bearer /, ''))
    const isPublic = path.startsWith('/files/public')
    const status = user || isPublic ? (range && path.endsWith('.wav') ? 206 : 200) : 401
    const mode = request.headers['sec-fetch-mode'] as string | undefined
    requests.push({ path, status, authorization, range, mode })
    response.setHeader('Cache-Control', 'no-store')
    if (status === 401) return json(response, 401, { message: 'No token' })
    const to = query.get('to')
    if (to) return response.writeHead(302, { Location: to }).end()
    if (path.endsWith('.png')) return send(response, 'image/png', picture)
    if (path.endsWith('.wav')) return sendRange(response, range)
    if (path.endsWith('.html')) return send(response, 'text/html', `<!doctype html><h1>Hello ${user}</h1>`)
    if (path.endsWith('/events')) {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      return response.end(`retry: 50\ndata: ${++events}\n\n`)
    }
    if (path.endsWith('/download')) {
      response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': downloadSize })
      return void pour(response)
    }
    json(response, 200, { user, range })
  }

  async function pour(response: ServerResponse): Promise<void> {
    downloaded = 0
    const piece = Buffer.alloc(2 ** 16)
    for (let sent = 0; sent < downloadSize && !response.destroyed; sent += piece.length) {
      const isTaken = await new Promise<boolean>((resolve) => {
        response.once('close', () => resolve(false))
        response.write(piece, (error) => resolve(!error))
      })
      response.removeAllListeners('close')
      if (!isTaken) return
      downloaded += piece.length
    }
    response.end()
  }

  function handle(role: string, request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://server')
    if (role === 'files' || role === 'foreign') {
      response.setHeader('Access-Control-Allow-Origin', '*')
      response.setHeader('Access-Control-Allow-Headers', 'authorization, range')
      if (request.method === 'OPTIONS') return void response.writeHead(204).end()
    }
    if (request.method === 'OPTIONS') return void response.writeHead(403).end()
    if (role === 'foreign') {
      seenByForeign.push(request.headers.authorization)
      return void send(response, 'image/png', picture)
    }
    if (pathname.startsWith('/files/')) return void answerFile(pathname, searchParams, request, response)
    if (role !== 'app') return void response.writeHead(404).end()
    if (pathname.endsWith('/page.js')) return void send(response, 'text/javascript', scripts.page)
    if (pathname.endsWith('/sw.js')) return void send(response, 'text/javascript', worker)
    if (pathname === '/auth/sign-in') {
      return void json(response, 200, families.begin(String(searchParams.get('user'))))
    }
    if (pathname === '/auth/refresh') return void refresh(request, response)
    if (pathname.startsWith('/api/')) {
      const user = families.userOf((request.headers.authorization ?? '').replace(/^Bearer /, ''))
      return void json(response, user ? 200 : 401, { user })
    }
    const html =
      '<!doctype html><title>App</title><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>'
    send(response, 'text/html', html)
  }

  const roles = ['app', 'files', 'plain', 'foreign'] as const
  const servers: Server[] = []
  const urls = {} as Record<(typeof roles)[number], string>
  for (const role of roles) {
    const server = createServer((request, response) => {
      if (role === 'app') response.setHeader('Connection', 'close')
      handle(role, request, response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    servers.push(server)
    urls[role] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  let version = 1
  return {
    ...urls,
    refreshes,
    requests,
    seenByForeign,
    asked: () => asked,
    downloaded: () => downloaded,
    nextRefresh: (fault) => void faults.push(fault),
    update() {
      worker += `\n// version ${++version}`
    },
    expire: families.expire,
    async close() {
      await Promise.all(
        servers.map(
          (server) =>
            new Promise<void>((resolve) => {
              server.close(() => resolve())
              server.closeAllConnections()
            }),
        ),
      )
    },
  }
}

function send(response: ServerResponse, type: string, body: string | Buffer): void {
  response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(body)
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}

/** At most a part at a time, as servers of media do: so seeking asks again. */
function sendRange(response: ServerResponse, range: string | undefined): void {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? []
  response.setHeader('Accept-Ranges', 'bytes')
  response.setHeader('Content-Type', 'audio/wav')
  if (from === undefined) return void response.writeHead(200, { 'Content-Length': sound.length }).end(sound)
  const start = Number(from)
  const end = Math.min(to ? Number(to) : Infinity, start + 2 ** 17 - 1, sound.length - 1)
  response
    .writeHead(206, {
      'Content-Range': `bytes ${start}-${end}/${sound.length}`,
      'Content-Length': end - start + 1,
    })
    .end(sound.subarray(start, end + 1))
}

/** 44,100 samples a second, of 16 bits. */
function wave(seconds: number): Buffer {
  const rate = 44_100
  const size = seconds * rate * 2
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + size, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(rate, 24)
  header.writeUInt32LE(rate * 2, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(size, 40)
  return Buffer.concat([header, Buffer.alloc(size)])
}
