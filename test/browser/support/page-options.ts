/** How a page sets up its session: its query string. */
export interface PageOptions {
  /** `slow` is IndexedDB, as slow as a test makes it. */
  store?: 'indexeddb' | 'local' | 'session' | 'memory' | 'slow'
  name?: string
  send?: 'headers' | 'cookie'
  refreshTimeoutMs?: number
  /** `none` takes Web Locks away, `refused` makes them reject as they do in a sandboxed frame. */
  locks?: 'none' | 'refused'
  /** `refused` makes IndexedDB throw as it does where the user blocks site data. */
  database?: 'refused'
}

export const pageUrl = (origin: string, options: PageOptions = {}): string => {
  const query = new URLSearchParams(Object.entries(options).map(([key, value]) => [key, String(value)]))
  return `${origin}/?${query}`
}

export const optionsOf = (search: string): PageOptions => {
  const { refreshTimeoutMs, ...rest } = Object.fromEntries(new URLSearchParams(search))
  return {
    ...(rest as PageOptions),
    ...(refreshTimeoutMs === undefined ? undefined : { refreshTimeoutMs: Number(refreshTimeoutMs) }),
  }
}
