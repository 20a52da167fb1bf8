/** How a page sets up its session: its query string. */
export interface PageOptions {
  /** `slow` is IndexedDB, as slow as a test makes it; `full` takes and lets go of nothing once a test has filled it. */
  store?: 'indexeddb' | 'local' | 'session' | 'memory' | 'slow' | 'full'
  name?: string
  /** `cookie at start` asks for a session when the page is loaded, as is the default of `cookie`. */
  send?: 'headers' | 'cookie' | 'cookie at start'
  /** A minute unless a test says otherwise: a limit against hanging, not what a busy machine is judged by. */
  refreshTimeoutMs?: number
  /** `none` takes Web Locks away, `refused` makes them reject as they do in a sandboxed frame. */
  locks?: 'none' | 'refused'
  /** `refused` makes IndexedDB throw as it does where the user blocks site data; `silent` never answers. */
  database?: 'refused' | 'silent'
  /**
   * What the page does by itself: a popup that signs its user in and closes at once; a page that makes a request, and tells
   * the server what comes of it.
   */
  role?: 'popup' | 'teller'
}

export const pageUrl = (origin: string, options: PageOptions = {}): string => {
  const all = { refreshTimeoutMs: 60_000, ...options }
  const query = new URLSearchParams(Object.entries(all).map(([key, value]) => [key, String(value)]))
  return `${origin}/?${query}`
}

export const optionsOf = (search: string): PageOptions => {
  const { refreshTimeoutMs, ...rest } = Object.fromEntries(new URLSearchParams(search))
  return {
    ...(rest as PageOptions),
    ...(refreshTimeoutMs === undefined ? undefined : { refreshTimeoutMs: Number(refreshTimeoutMs) }),
  }
}
