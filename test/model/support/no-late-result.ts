import type { StoredTokens } from '../../../src/core/tokens.js'
import { apiOrigin } from './api.js'
import { familyOf } from './auth-server.js'
import type { Tab } from './tab.js'
import type { CreateWatch } from './watch.js'

const familyIn = (record: StoredTokens | null): number | undefined =>
  record ? familyOf(record.accessToken) : undefined

/**
 * A late result of an older generation (signed out, other user) is never stored, and no request is sent with tokens that
 * are no longer in hand.
 *
 * What was asked of the store before the user acted may still be done, for the user's own act is next in the tab's queue:
 * the claim counts from the moment that act is in the store, which may be later than the session waits for. Across tabs it counts for a store that compares and swaps,
 * and that has answered: what a tab was not told it cannot heed.
 */
export const noLateResult: CreateWatch = (world, report) => {
  /** Families that the tab's user leaves, one for each act that is not in the store yet, and those that were left. */
  const leaving = new Map<Tab, (number | undefined)[]>()
  /** The same of acts that the session no longer waits for, and the store may still have to do. */
  const unstored = new Map<Tab, number[]>()
  const left = new Map<Tab, Set<number>>()
  const leftAnywhere = new Set<number>()
  /** Families that are not to come back to a tab: its user acted when they were in its hand or in the store. */
  const banned = new Map<Tab, Set<number>>()

  function noteStored(): void {
    for (const [tab, families] of unstored) {
      if (world.store.pendingOf(tab.place) > 0) continue
      for (const family of families) {
        left.set(tab, (left.get(tab) ?? new Set()).add(family))
        leftAnywhere.add(family)
      }
      unstored.delete(tab)
    }
  }

  return {
    hear(happening) {
      noteStored()
      if (happening.type === 'acted') {
        const { tab } = happening
        leaving.set(tab, [...(leaving.get(tab) ?? []), happening.left])
        const own = banned.get(tab) ?? new Set()
        banned.set(tab, own)
        if (happening.left !== undefined) own.add(happening.left)
        const stored = familyIn(world.store.record)
        if (stored !== undefined && !world.hadStoreTrouble) own.add(stored)
      }
      // Once the tab is disposed of nobody waits for the store, which may still have all of it to do.
      const isDone = happening.type === 'call-settled' && !happening.tab.isDisposed
      if (isDone && ['setTokens', 'signOut'].includes(happening.call.name)) {
        const [gone, ...rest] = leaving.get(happening.tab) ?? []
        leaving.set(happening.tab, rest)
        if (gone !== undefined) unstored.set(happening.tab, [...(unstored.get(happening.tab) ?? []), gone])
        noteStored()
      }
      if (happening.type === 'committed') {
        const { tab, before, record } = happening
        const family = familyIn(record)
        if (record && before?.session === record.session && before.generation > record.generation) {
          if (world.config.hasReplace || !world.hadStoreTrouble)
            report(`2: generation ${record.generation} was written over ${before.generation}`)
        }
        if (!tab) return
        if (family !== undefined) {
          if (left.get(tab)?.has(family))
            report(`2: ${tab.name} stored family ${family}, which its user had left`)
          else if (leftAnywhere.has(family) && world.config.hasReplace && !world.hadStoreTrouble)
            report(`2: ${tab.name} stored family ${family}, which had been left in another tab`)
        }
      }
      if (happening.type === 'request-sent') {
        const { tab, request } = happening
        if (!request.url.startsWith(apiOrigin)) return
        const [first, ...more] = request.sends
        const token = request.sends.at(-1) ?? null
        if (token !== null && familyOf(token) !== tab.family)
          report(`2: ${tab.name} sent ${request.url} with a token that is no longer in hand`)
        if (
          more.length > 0 &&
          typeof first === 'string' &&
          token !== null &&
          !world.server.isSameUser(familyOf(first), familyOf(token))
        )
          report(`2: ${tab.name} replayed ${request.url} with a token of another user`)
      }
    },
    look() {
      if (world.hadStoreTrouble) return
      for (const tab of world.tabs) {
        const { family } = tab
        if (family !== undefined && banned.get(tab)?.has(family))
          report(`2: family ${family} came back to ${tab.name}, whose user had left it`)
      }
    },
  }
}
