import type { TabChannel, TabMessage } from '../../../src/core/environment.js'
import type { Agenda, Place } from './agenda.js'

/** What tabs hear of each other: late, in order, and from anybody on the origin. */
export interface SharedChannel {
  of(place: Place): TabChannel
  listenersOf(place: Place): number
  /** A script that is none of ours speaks. */
  forge(message: TabMessage): void
}

interface Ear {
  place: Place
  listener: (message: TabMessage) => void
  /** When the last message on its way arrives. */
  busyUntil: number
}

export function createSharedChannel(
  agenda: Agenda,
  latency: (mostMs: number) => number,
  on: {
    post(sender: Place, message: TabMessage): void
    hear(hearer: Place, message: TabMessage, isForged: boolean): void
  },
): SharedChannel {
  const ears = new Set<Ear>()

  function deliver(message: TabMessage, sender: Place | undefined): void {
    for (const ear of ears) {
      if (ear.place === sender) continue
      ear.busyUntil = Math.max(ear.busyUntil, agenda.now + latency(20))
      agenda.after(ear.busyUntil - agenda.now, ear.place, () => {
        if (!ears.has(ear)) return
        on.hear(ear.place, message, sender === undefined)
        ear.listener(message)
      })
    }
  }

  return {
    of: (place) => ({
      post(message) {
        on.post(place, message)
        deliver(message, place)
      },
      listen(listener) {
        const ear = { place, listener, busyUntil: 0 }
        ears.add(ear)
        return () => ears.delete(ear)
      },
    }),
    listenersOf: (place) => [...ears].filter((ear) => ear.place === place).length,
    forge: (message) => deliver(message, undefined),
  }
}
