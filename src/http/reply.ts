/** An HTTP reply, whichever client received it. */
export interface Reply {
  status: number
  /** By name, in any case; `null` where absent, or hidden by CORS. */
  header(name: string): string | null
  /** Parsed where it is JSON. */
  body?: unknown
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const parsed = (data: unknown): unknown => (typeof data === 'string' ? parseJson(data) : data)

/** A reply as axios hands it over, or `undefined` for anything else. */
export function replyFrom(response: unknown): Reply | undefined {
  const { status, headers, data } =
    (response as { status?: unknown; headers?: { get?(name: string): unknown }; data?: unknown } | null) ?? {}
  if (typeof status !== 'number') return undefined
  const header = (name: string): string | null => {
    try {
      return String(headers?.get?.(name) ?? '') || null
    } catch {
      return null
    }
  }
  return { status, header, body: parsed(data) }
}
