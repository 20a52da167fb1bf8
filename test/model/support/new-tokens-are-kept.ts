import type { StoredTokens } from '../../../src/core/tokens.js'
import type { Tab } from './tab.js'
import type { CreateWatch } from './watch.js'

/** How long the store may keep the new tokens from being used: what is under way, and three tries of its own. */
const storeMs = 8000

/** New tokens are kept in memory even when the store cannot be written, and do not give way to older ones. */
export const newTokensAreKept: CreateWatch = (world, report) => {
  let awaited: { tab: Tab; from: StoredTokens; accessToken: string; since: number }[] = []
  const newest = new Map<Tab, StoredTokens>()
  return {
    hear(happening) {
      if (happening.type !== 'refresh-answered') return
      const { tab, call } = happening
      const from = tab.source.record
      if (tab.isDisposed || call.signal.aborted || call.outcome?.kind !== 'refreshed') return
      if (from?.refreshToken !== call.refreshToken) return
      awaited.push({ tab, from, accessToken: call.outcome.tokens.accessToken, since: tab.awakeMs })
    },
    look() {
      for (const tab of world.tabs) {
        const { record: tokens } = tab.source
        const last = newest.get(tab)
        if (tokens && last?.session === tokens.session && last.generation > tokens.generation)
          report(`9: ${tab.name} went from generation ${last.generation} back to ${tokens.generation}`)
        if (tokens) newest.set(tab, tokens)
      }
      awaited = awaited.filter(({ tab, from, since }) => {
        const isStill = tab.source.record === from && !tab.isDisposed && !tab.place.isGone
        if (isStill && tab.awakeMs - since > storeMs) report(`9: ${tab.name} lost the tokens it was given`)
        return isStill
      })
    },
  }
}
