import type { CreateWatch } from './watch.js'

/** After `dispose` there is no listener, timer or place in the lock's queue, and nothing is sent or told. */
export const nothingAfterDispose: CreateWatch = (world, report) => ({
  hear(happening) {
    if (!happening.tab?.isDisposed) return
    if (['refresh-sent', 'told', 'shown'].includes(happening.type))
      report(`10: ${happening.type} after ${happening.tab.name} was disposed of`)
  },
  look() {
    for (const tab of world.everyTab) {
      if (!tab.isDisposed || tab.place.isGone) continue
      const { place, name, timers, pageListeners } = tab
      if (timers > 0) report(`10: ${name} left ${timers} timers`)
      const listeners = pageListeners + world.channel.listenersOf(place) + world.store.listenersOf(place)
      if (listeners > 0) report(`10: ${name} left ${listeners} listeners`)
      if (world.lock.turnsOf(place) > 0) report(`10: ${name} is still in the queue for the lock`)
    }
  },
})
