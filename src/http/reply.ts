import { isObject } from '../core/own-fields.js'

/** An HTTP reply, whichever client received it. */
export interface Reply {
  status: number
  /** By name, in any case; `null` where absent, or hidden by CORS. */
  header(name: string): string | null
  /**
   * Parsed where it is JSON, and text where it is not. `isExpired` sees it whatever a client was asked for, blob and buffer
   * included, as far as 64 KiB: of a longer one there is no JSON. With fetch it sees JSON, and what says its length.
   */
  body?: unknown
}

/** How much of a body is read for `isExpired`: bytes, or characters of text. */
export const longestBody: number = 2 ** 16

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** A field of its own or of its class, as those of `Response` are, and none that a polluted `Object.prototype` lends it. */
export function partOf(value: unknown, name: string): unknown {
  for (let home = value; isObject(home) && home !== Object.prototype; home = Object.getPrototypeOf(home)) {
    if (Object.hasOwn(home, name)) return (value as Record<string, unknown>)[name]
  }
  return undefined
}

/** Whether it is a page, as proxies, firewalls and file servers answer, and no auth server that is asked for JSON. */
export const isPage = ({ header, body }: Reply): boolean =>
  /html|xml/i.test(header('Content-Type') ?? '') || (typeof body === 'string' && /^\s*</.test(body))

const parsed = (data: unknown): unknown => (typeof data === 'string' ? parseJson(data) : data)

/** A reply as axios hands it over, or `undefined` for anything else. */
export function replyFrom(response: unknown): Reply | undefined {
  const status = partOf(response, 'status')
  if (typeof status !== 'number') return undefined
  const headers = partOf(response, 'headers') as { get?(name: string): unknown } | undefined
  const header = (name: string): string | null => {
    try {
      return String(headers?.get?.(name) ?? '') || null
    } catch {
      return null
    }
  }
  return { status, header, body: parsed(partOf(response, 'data')) }
}

/**
 * Hands `read` the beginning of a body that a client has read, as text: of a string, a blob or a buffer, which stay as they
 * are. Anything else it gets as it is. Waits for blobs and buffers alone.
 */
export function readStart<T>(data: unknown, read: (body: unknown) => T): T | Promise<T> {
  const body = data as Blob | undefined
  if (typeof body?.slice !== 'function' || Array.isArray(data)) return read(data)
  const start: unknown = body.slice(0, longestBody)
  return typeof start === 'string' ? read(start) : new Response(start as Blob).text().then(read)
}
