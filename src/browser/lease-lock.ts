import { pause } from '../core/clock.js'
import type { Environment, Lock } from '../core/environment.js'
import { createDatabase } from './database.js'
import { type LockHeartbeat, sliceMs } from './lock-heartbeat.js'

const triesPerSlice = 10

/**
 * A lock where there are no Web Locks (http other than localhost): the holder's name as a key in IndexedDB. Where there is no
 * IndexedDB either, tabs cannot share anything, and the work is done without a lock.
 */
export function createLeaseLock(
  name: string,
  { clock, lifecycle, random }: Pick<Environment, 'clock' | 'lifecycle' | 'random'>,
  heartbeat: LockHeartbeat,
): Lock & { close(): void } {
  const database = createDatabase(`${name}-lock`)
  const self = random().toString(36).slice(2)

  /** Takes the lease if it is free, or still with the holder that is `gone`; returns who holds it then. */
  const take = (gone: unknown): Promise<unknown> =>
    database.run('readwrite', (records) => {
      const holders = records.getAllKeys()
      let found: unknown
      holders.onsuccess = () => {
        found = holders.result[0]
        if (found !== undefined && found !== gone) return
        found = self
        records.clear()
        records.put(true, self)
      }
      return () => found
    })

  /** In one step, since a page that is left has no second one. */
  const release = (): Promise<void> =>
    database.run('readwrite', (records) => {
      records.delete(self)
      records.transaction.commit?.()
      return () => {}
    })

  async function acquire(signal: AbortSignal): Promise<void> {
    const wait = heartbeat.wait()
    try {
      let holder: unknown
      for (let pingedAt = -Infinity; ; ) {
        if (signal.aborted) throw signal.reason
        // By the clock, since the timers of hidden tabs are slow.
        const isDue = Math.abs(clock.now() - pingedAt) >= sliceMs
        if (isDue) pingedAt = clock.now()
        const isGone = isDue && wait.isHolderGone()
        const found = await take(isGone ? holder : self)
        if (found !== holder) wait.restart()
        if (found === self) return
        holder = found
        await pause(sliceMs / triesPerSlice, { clock, signal })
      }
    } finally {
      wait.end()
    }
  }

  async function lock<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    try {
      await acquire(signal)
    } catch (error) {
      if (signal.aborted) throw error
      return work()
    }
    const releaseQuietly = (): void => void release().catch(() => {})
    const stopListening = lifecycle.listen((event) => event === 'leave' && releaseQuietly())
    try {
      return await heartbeat.answerDuring(work())
    } finally {
      stopListening()
      releaseQuietly()
    }
  }

  return Object.assign(lock, { close: database.close })
}
