import type { ModelCall, Tab } from './tab.js'
import type { CreateWatch } from './watch.js'

interface Hold {
  since: number
  url: string
  limitMs: number
}

/** The session's patience with its store, and what it has more of until the store has been read once. */
const storeMs = 2000
const firstReadMs = 3000

/**
 * Every held request settles exactly once, within its limit. So does every call of the session. Time in which the tab
 * was frozen does not count. A request that the app gives up settles at once.
 *
 * The limit is that of a refresh, and the session's patience with its store on top: once for what is under way, once for
 * the reading that is waited for, and twice for each act of the user that is still to be stored. Until the page is shown no
 * limit counts.
 */
export const everyWaitEnds: CreateWatch = (world, report) => {
  const unstored = new Map<Tab, number>()
  const hasRead = new Set<Tab>()
  const limitOf = (tab: Tab): number =>
    world.config.refreshTimeoutMs +
    storeMs * (2 + 2 * (unstored.get(tab) ?? 0)) +
    (hasRead.has(tab) ? 0 : firstReadMs)
  const holds = new Map<Tab, Map<number, Hold>>()
  const limits = new Map<ModelCall, number>()
  const holdsOf = (tab: Tab): Map<number, Hold> => {
    const own = holds.get(tab) ?? new Map()
    holds.set(tab, own)
    return own
  }
  const checkHold = (tab: Tab, { since, url, limitMs }: Hold): void => {
    const ms = tab.awakeMs - since
    if (ms > limitMs) report(`4: ${tab.name} held ${url} for ${ms} ms`)
  }

  return {
    hear(happening) {
      if (happening.type === 'told') {
        const { tab, event } = happening
        if (event.type === 'request-held')
          holdsOf(tab).set(event.id, { since: tab.awakeMs, url: event.url, limitMs: limitOf(tab) })
        if (event.type === 'request-released' || event.type === 'request-replayed') {
          const hold = holdsOf(tab).get(event.id)
          if (!hold) report(`4: ${tab.name} let ${event.url} go twice`)
          else checkHold(tab, hold)
          holdsOf(tab).delete(event.id)
        }
      }
      if (happening.type === 'acted') unstored.set(happening.tab, (unstored.get(happening.tab) ?? 0) + 1)
      if (happening.type === 'call-made') limits.set(happening.call, limitOf(happening.tab))
      if (happening.type === 'call-settled') {
        const { tab, call } = happening
        if (call.name === 'ready') hasRead.add(tab)
        if (['setTokens', 'signOut'].includes(call.name)) unstored.set(tab, (unstored.get(tab) ?? 0) - 1)
        const ms = tab.awakeMs - call.madeAt
        if (ms > (limits.get(call) ?? 0)) report(`4: ${tab.name} let ${call.name} wait for ${ms} ms`)
      }
      if (happening.type === 'disposed') holds.delete(happening.tab)
    },
    look() {
      for (const [tab, own] of holds) {
        if (!tab.place.isGone) for (const hold of own.values()) checkHold(tab, hold)
      }
      for (const tab of world.tabs) {
        if (!tab.isAwake) continue
        for (const { url, outcome, aborter } of tab.requests)
          if (!outcome && aborter.signal.aborted) report(`4: ${tab.name} did not give up ${url}`)
      }
      if (world.phase !== 'idle' && world.phase !== 'over') return
      for (const tab of world.everyTab) {
        if (tab.place.isGone || tab.place.isPrerendered) continue
        for (const { url, outcome } of tab.requests)
          if (!outcome) report(`4: ${tab.name} never settled ${url}`)
        for (const { name, outcome } of tab.calls)
          if (!outcome) report(`4: ${tab.name} never settled ${name}`)
      }
    },
  }
}
