import type { TabChannel, TabMessage } from '../../../src/core/environment.js'
import type { Agenda, Place } from './agenda.js'

/** What tabs hear of each other: late, in order, and from anybody on the origin. */
export interface SharedChannel {
  of(place: Place): TabChannel
  listenersOf(place: Place): number
  /** The page is shown: it hears and says what had to wait. */
  show(place: Place): void
  /** A script that is none of ours speaks. */
  forge(message: TabMessage): void
}

interface Ear {
  place: Place
  listener: (message: TabMessage) => void
  /** When the last message on its way arrives. */
  busyUntil: number
  /** What waits until the page is shown. */
  kept: (() => void)[]
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
  let unsaid: { place: Place; message: TabMessage }[] = []

  function deliver(message: TabMessage, sender: Place | undefined): void {
    for (const ear of ears) {
      if (ear.place === sender) continue
      ear.busyUntil = Math.max(ear.busyUntil, agenda.now + latency(20))
      agenda.after(ear.busyUntil - agenda.now, ear.place, () => {
        const hear = (): void => {
          if (!ears.has(ear)) return
          on.hear(ear.place, message, sender === undefined)
          ear.listener(message)
        }
        if (ear.place.isPrerendered) ear.kept.push(hear)
        else hear()
      })
    }
  }

  return {
    of: (place) => ({
      post(message) {
        on.post(place, message)
        if (place.isPrerendered) unsaid.push({ place, message })
        else deliver(message, place)
      },
      listen(listener) {
        const ear: Ear = { place, listener, busyUntil: 0, kept: [] }
        ears.add(ear)
        return () => ears.delete(ear)
      },
    }),
    listenersOf: (place) => [...ears].filter((ear) => ear.place === place).length,
    show(shown) {
      for (const { place, message } of unsaid) if (place === shown) deliver(message, place)
      unsaid = unsaid.filter(({ place }) => place !== shown)
      for (const { place, kept } of ears) if (place === shown) for (const hear of kept.splice(0)) hear()
    },
    forge: (message) => deliver(message, undefined),
  }
}
