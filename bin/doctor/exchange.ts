import { fieldOf } from '../../src/core/own-fields.js'
import { parseJson, type Reply } from '../../src/http/reply.js'
import { readText } from '../../src/http/response-text.js'
import type { Redactor } from './redactor.js'

/** What a browser would send from a page of the app. */
export interface Outgoing {
  url: string
  method: string
  headers?: Record<string, string> | Headers
  body?: string
  /** Another page's, to see how the server takes it. */
  origin?: string
}

export interface Incoming {
  status: number
  headers: Headers
  /** The `Set-Cookie` lines, which no page sees. */
  setCookies: string[]
  text: string
  /** The same as the library reads it, CORS left aside. */
  reply: Reply
}

export type Send = (outgoing: Outgoing) => Promise<Incoming>

const longestReply = 2 ** 20

/** Sends as a page of `appOrigin` does, and follows no redirect. Rejects with what Node says where no reply comes. */
export function createSend(appOrigin: string, timeoutMs: number): Send {
  return async ({ url, method, headers, body, origin = appOrigin }) => {
    const all = new Headers(headers)
    all.set('Origin', origin)
    all.set('User-Agent', 'latchkey-doctor')
    const response = await fetch(url, {
      method,
      headers: all,
      ...(body !== undefined && { body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = (await readText(response, longestReply)) ?? ''
    return incoming(response.status, response.headers, text)
  }
}

export function incoming(status: number, headers: Headers, text: string): Incoming {
  const body = parseJson(text)
  const reply = { status, header: (name: string) => headers.get(name), body }
  return { status, headers, setCookies: headers.getSetCookie(), text, reply }
}

export const isRedirect = ({ status, headers }: Incoming): boolean =>
  [301, 302, 303, 307, 308].includes(status) && headers.has('Location')

/** A short word of the server's own. */
export function quoteOf({ reply }: Incoming, { clean }: Redactor): string {
  const texts = ['error_description', 'message', 'detail', 'msg', 'error', 'title', 'code']
    .map((name) => fieldOf(reply.body, name))
    .filter((text) => typeof text === 'string')
  const text = clean(texts[0] ?? '')
  return text ? ` “${text.length > 100 ? `${text.slice(0, 99)}…` : text}”` : ''
}
