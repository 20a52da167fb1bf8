import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface RecordedRequest {
  method: string
  url: string
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: string
}

/** A server on 127.0.0.1 that answers every origin, lets it send every header, and keeps what it was sent. */
export interface RecordingServer {
  readonly origin: string
  readonly port: number
  readonly requests: RecordedRequest[]
  close(): Promise<void>
}

export type Answer = (request: RecordedRequest, response: ServerResponse) => void

/** Preflights are answered, and not recorded. */
export async function startRecordingServer(answer: Answer): Promise<RecordingServer> {
  const requests: RecordedRequest[] = []

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = incoming
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Access-Control-Allow-Headers', headers['access-control-request-headers'] ?? '*')
    response.setHeader('Access-Control-Allow-Methods', '*')
    response.setHeader('Access-Control-Max-Age', '600')
    response.setHeader('Cache-Control', 'no-store')
    if (method === 'OPTIONS') {
      response.writeHead(204).end()
      return
    }
    const request = { method, url, headers, body: await text(incoming) }
    requests.push(request)
    answer(request, response)
  }

  const server = createServer((incoming, response) => void handle(incoming, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}
