import { AsyncLocalStorage } from 'node:async_hooks'
import { appendFileSync } from 'node:fs'

/** What is counted. @typedef {'withToken' | 'without' | 'refused' | 'held'} Deed */

/** What the guard of a suite and the parts of the library that are other there have in common. */
export const harness = {
  /** How far the clock has been moved. */
  passedMs: 0,
  /** Whether the first sending of each request is answered by a made-up 401. */
  refusesFirst: false,
  /** What goes on in an adapter: a request that it makes by another guarded instance is not refused once more. */
  inAdapter: new AsyncLocalStorage(),
  /**
   * Counts what the guard does, which shows that it was really in between. At once and in a file, for runners end their
   * processes without a word.
   *
   * @param {Deed} what
   */
  count(what) {
    appendFileSync(String(process.env.COUNTS), `${what}\n`)
  },
}
