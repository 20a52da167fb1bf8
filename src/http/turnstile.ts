/**
 * Lets a crowd that waited go on in groups, with the page's own work between them: ten thousand requests that are sent in
 * one task freeze it for a sixth of a second (bench/longest-task.md).
 */
export interface Turnstile {
  /** One more is waiting. */
  enter(): void
  /** One has given up. */
  leave(): void
  /** One waits no longer and wants to go on: `undefined` where it may at once, as all may who are not many. */
  pass(): Promise<void> | undefined
  /** Turns away all who are yet to go on. */
  close(reason: Error): void
}

const groupSize = 500

export function createTurnstile(after: (ms: number, callback: () => void) => () => void): Turnstile {
  let waiting = 0
  let crowd: { go(): void; turnAway(reason: Error): void }[] = []
  let cancel: (() => void) | undefined

  function letGo(): void {
    for (const { go } of crowd.splice(0, groupSize)) go()
    cancel = crowd.length > 0 ? after(0, letGo) : undefined
  }

  return {
    enter() {
      waiting++
    },
    leave() {
      waiting--
    },
    pass() {
      waiting--
      if (crowd.length === 0 && waiting < groupSize) return undefined
      cancel ??= after(0, letGo)
      return new Promise((go, turnAway) => {
        crowd.push({ go, turnAway })
      })
    },
    close(reason) {
      cancel?.()
      for (const { turnAway } of crowd) turnAway(reason)
      crowd = []
    },
  }
}
