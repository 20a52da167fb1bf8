import type { Tab } from './tab.js'
import type { CreateWatch } from './watch.js'

const storeMs = 8000

/**
 * A live holder of the lock lets go in time, so that it never has to be robbed. (That a dead or frozen one blocks the
 * others for 12 s at most is the affair of the lock itself, which is a fake here.)
 */
export const lockIsLetGo: CreateWatch = (world, report) => {
  const limitMs = 2 * world.config.refreshTimeoutMs + storeMs
  let held: { tab: Tab; since: number; at: number } | undefined
  return {
    look() {
      const { holder } = world.lock
      const tab = holder && world.everyTab.find(({ place }) => place === holder.place)
      if (!holder || !tab) {
        held = undefined
        return
      }
      if (held?.tab !== tab || held.at !== holder.since)
        held = { tab, at: holder.since, since: tab.awakeMs - (world.agenda.now - holder.since) }
      const ms = tab.awakeMs - held.since
      if (ms > limitMs) report(`8: ${tab.name} keeps the lock for ${ms} ms`)
    },
  }
}
