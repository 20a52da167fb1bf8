import type { RefreshCall } from './refresh-line.js'
import type { CreateWatch } from './watch.js'

/**
 * One refresh in flight per session, per browser.
 *
 * A call that its session has given up counts as over, and so does that of a tab which was frozen when another one went
 * ahead: a frozen holder of the lock is robbed, for nobody knows whether it wakes again.
 */
export const oneRefreshInFlight: CreateWatch = (world, report) => {
  let flying: RefreshCall[] = []
  return {
    hear(happening) {
      if (happening.type !== 'refresh-sent') return
      const { call, tab } = happening
      flying = flying.filter(
        ({ isSettled, signal, place }) => !isSettled && !signal.aborted && !place.isGone && !place.isFrozen,
      )
      const other = flying.find(({ family }) => family === call.family)
      if (other) {
        const holder = world.everyTab.find(({ place }) => place === other.place)
        report(`1: ${tab.name} refreshes family ${call.family} while ${holder?.name} does`)
      }
      flying.push(call)
    },
  }
}
