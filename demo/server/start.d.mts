/** What the server counted: `requests` are calls to the protected API, `refused` those it answered with 401. */
export interface DemoCounters {
  requests: number
  accepted: number
  refused: number
  refreshes: number
  refreshesRefused: number
  reuseDetected: number
  sessions: number
}

export interface DemoOptions {
  /** The port to try first; the next free one is taken, and 0 means any. Default 4173. */
  port?: number
  /** Whole seconds, from 1 000 to 3 600 000. Default 15 000. */
  accessTokenLifetimeMs?: number
  /** Default 30 minutes. */
  refreshTokenLifetimeMs?: number
  /** How long the answer to a refresh takes. Default 400. */
  refreshLatencyMs?: number
  /** Whether an open page follows changes of its sources, those of the library included. Default false. */
  watch?: boolean
}

export interface Demo {
  readonly url: string
  /** A snapshot, made anew at each access. */
  readonly counters: DemoCounters
  close(): Promise<void>
}

/** Starts the demo: one server on one loopback port for the sign-in, the API and the page. */
export declare function startDemo(options?: DemoOptions): Promise<Demo>
