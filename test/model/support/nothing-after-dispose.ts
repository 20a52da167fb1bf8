import { isAuthError } from '../../../src/core/errors.js'
import type { RefreshCall } from './refresh-line.js'
import type { Tab } from './tab.js'
import type { CreateWatch } from './watch.js'

/** How long the store may take with what a refresh brought. */
const storeMs = 8000

/**
 * After `dispose` there is no listener, timer or place in the lock's queue, and nothing is sent or told.
 *
 * A refresh call that was sent before is still waited for, under the lock, and what it brings is stored: the server takes
 * the token before it no longer.
 */
export const nothingAfterDispose: CreateWatch = (world, report) => {
  const lastCalls = new Map<Tab, RefreshCall>()
  const answeredAt = new Map<Tab, number>()

  function mayStillLand(tab: Tab): boolean {
    const call = lastCalls.get(tab)
    if (!call || call.signal.aborted) return false
    return !call.isSettled || tab.awakeMs - (answeredAt.get(tab) ?? 0) <= storeMs
  }

  return {
    hear(happening) {
      if (happening.type === 'refresh-sent') lastCalls.set(happening.tab, happening.call)
      if (happening.type === 'refresh-answered') {
        answeredAt.set(happening.tab, happening.tab.awakeMs)
        if (isAuthError(happening.call.signal.reason, 'DISPOSED'))
          report(`10: ${happening.tab.name} gave up a call that spends its token when it was disposed of`)
      }
      if (!happening.tab?.isDisposed) return
      if (['refresh-sent', 'told', 'shown'].includes(happening.type))
        report(`10: ${happening.type} after ${happening.tab.name} was disposed of`)
    },
    look() {
      for (const tab of world.everyTab) {
        if (!tab.isDisposed || tab.place.isGone || mayStillLand(tab)) continue
        const { place, name, timers, pageListeners } = tab
        if (timers > 0) report(`10: ${name} left ${timers} timers`)
        const listeners = pageListeners + world.channel.listenersOf(place) + world.store.listenersOf(place)
        if (listeners > 0) report(`10: ${name} left ${listeners} listeners`)
        if (world.lock.turnsOf(place) > 0) report(`10: ${name} is still in the queue for the lock`)
      }
    },
  }
}
