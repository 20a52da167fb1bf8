import type { Lock } from '../../src/core/environment.js'

/** A lock that tabs of one test share: first come, first served. */
export function createFakeLock(): Lock {
  const queue: (() => void)[] = []
  let isHeld = false

  function next(): void {
    isHeld = false
    queue.shift()?.()
  }

  return (signal, work) =>
    new Promise((resolve, reject) => {
      const grant = (): void => {
        signal.removeEventListener('abort', giveUp)
        isHeld = true
        work().then(resolve, reject).finally(next)
      }
      const giveUp = (): void => {
        queue.splice(queue.indexOf(grant), 1)
        reject(signal.reason)
      }
      if (signal.aborted) reject(signal.reason)
      else if (!isHeld) grant()
      else {
        signal.addEventListener('abort', giveUp)
        queue.push(grant)
      }
    })
}
