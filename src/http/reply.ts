import { isObject } from '../core/is-object.js'

/** An HTTP reply, whoever received it. */
export interface Reply {
  status: number
  /** By name, in any case; `null` where absent, or hidden by CORS. */
  header(name: string): string | null
  /** Parsed where it is JSON. */
  body?: unknown
}

/** A plain object's own field, so that a polluted prototype is not read. */
export function fieldOf(body: unknown, name: string): unknown {
  return isObject(body) && Object.hasOwn(body, name) ? (body as Record<string, unknown>)[name] : undefined
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** A reply as axios hands it over, or `undefined` for anything else. */
export function replyFrom(response: unknown): Reply | undefined {
  const { status, headers, data } =
    (response as { status?: unknown; headers?: { get?(name: string): unknown }; data?: unknown } | null) ?? {}
  if (typeof status !== 'number') return undefined
  const header = (name: string): string | null => {
    const value = typeof headers?.get === 'function' ? headers.get(name) : undefined
    return typeof value === 'string' ? value : null
  }
  return { status, header, body: typeof data === 'string' ? parseJson(data) : data }
}
