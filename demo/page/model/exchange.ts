import type { SideName } from '../../backend/side-names.js'

/** One request over the wire and what came back. Tokens are shortened from the start: nothing here is whole. */
export interface Exchange {
  id: string
  side: SideName
  /** Within the side and its protocol. */
  path: string
  sentAt: number
  endedAt: number | null
  request: { line: string; headers: [string, string][]; body: string }
  /** `null` while there is none, and for good where the connection broke. */
  reply: { status: number; headers: [string, string][]; body: string } | null
  /** Whether the page itself did not want the answer any longer. */
  isCalledOff: boolean
}

/** As it looks on the wire. */
export function printExchange({ request, reply, endedAt }: Exchange, broken: string): string {
  const head = (first: string, headers: [string, string][]): string =>
    [first, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\n')
  const part = (first: string, headers: [string, string][], body: string): string =>
    body ? `${head(first, headers)}\n\n${body}` : head(first, headers)
  const sent = part(request.line, request.headers, request.body)
  if (reply) return `${sent}\n\n${part(`HTTP ${reply.status}`, reply.headers, reply.body)}`
  return endedAt === null ? sent : `${sent}\n\n${broken}`
}
