import type { Settings } from './settings.js'

export const faultKinds = [
  'none',
  /** The server does not know the refresh token any more. */
  '401',
  /** A firewall before the server says no, in HTML. */
  '403',
  '429',
  '500',
  /** No answer ever comes. */
  'hang',
  /** A page where JSON was due, as a captive portal sends it. */
  'html',
  /** Success, and nothing in it. */
  'empty',
  /** The server rotates the token, but the connection breaks before the answer is through. */
  'dropped',
] as const

export type FaultKind = (typeof faultKinds)[number]

const hangMs = 60_000
const retryAfterS = 2

/** The fault that strikes this refresh. */
export function takeFault(settings: Settings): FaultKind {
  if (settings.faultStrikes <= 0) return 'none'
  settings.faultStrikes -= 1
  return settings.fault
}

/** What stands in the server's way: the answer that comes in its place, or null where the server itself is to answer. */
export async function answerInstead(
  fault: FaultKind,
  sleep: (ms: number) => Promise<void>,
): Promise<Response | null> {
  switch (fault) {
    case '403':
      return page(403, '<h1>Forbidden</h1>')
    case '429':
      return Response.json(
        { message: 'Too many requests' },
        { status: 429, headers: { 'Retry-After': `${retryAfterS}` } },
      )
    case '500':
      return Response.json({ message: 'The server failed' }, { status: 500 })
    case 'hang':
      await sleep(hangMs)
      return Response.error()
    case 'html':
      return page(200, '<h1>Welcome to the hotel</h1>')
    case 'empty':
      return new Response('', { status: 200 })
    default:
      return null
  }
}

function page(status: number, body: string): Response {
  return new Response(`<!doctype html>${body}`, { status, headers: { 'Content-Type': 'text/html' } })
}
