export interface DemoOptions {
  /** The port to try first; the next free one is taken, and 0 means any. Default 7418. */
  port?: number
  /** Whether an open page follows changes of its sources, those of the library included. Default false. */
  watch?: boolean
  /** A folder with the built page, to be served in the place of the sources. */
  built?: string | null
}

export interface Demo {
  readonly url: string
  /** One for each scenario. */
  readonly links: readonly string[]
  /** Whether the wished port was taken. */
  readonly isMoved: boolean
  close(): Promise<void>
}

/** Starts the demo: one server on one loopback port for the sign-in, the API and the page. */
export declare function startDemo(options?: DemoOptions): Promise<Demo>
