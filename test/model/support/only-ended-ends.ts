import { familyOf } from './auth-server.js'
import type { Tab } from './tab.js'
import type { CreateWatch } from './watch.js'

/**
 * Only `ended` ends a session, and it is emitted once, in every tab. A user may leave a session, here or in another tab,
 * and may clear the site's data.
 *
 * The store says that a session is gone, and a message says why: a tab whose reading overtakes the message, or who
 * was told by a stranger, tells the end by the wrong one of its two names. It tells it all the same, and once.
 *
 * Where the store could not be written, a tab takes away the record whose refresh token it has spent, and keeps the
 * session to itself: the other tabs are signed out, which is better than to have them end the session for all.
 */
export const onlyEndedEnds: CreateWatch = (world, report) => {
  /** Families that the server has ended, that a user has left, and sessions that a stranger called ended. */
  const ended = new Set<number>()
  const left = new Set<number>()
  const calledEnded = new Set<string>()
  let wasCleared = false
  /** Acts on their way to the store: they take away what is there, whether their tab has heard of it or not. */
  const leaving = new Map<Tab, number>()
  /** What a tab had in hand last, and how it heard of the end of each family. */
  const last = new Map<Tab, { family: number; session: string }>()
  const told = new Map<Tab, Map<number, string[]>>()
  /** The family whose end a tab was the one to learn, those that have passed it on, and what a tab heard from another. */
  const endedHere = new Map<Tab, number>()
  const hasPosted = new Set<Tab>()
  const heardEnded = new Map<Tab, string>()

  const count = (tab: Tab, by: number): unknown => leaving.set(tab, (leaving.get(tab) ?? 0) + by)

  function toldOf(tab: Tab, family: number): string[] {
    const own = told.get(tab) ?? new Map<number, string[]>()
    told.set(tab, own)
    const words = own.get(family) ?? []
    own.set(family, words)
    return words
  }

  function checkEnd(tab: Tab, word: 'expired' | 'signed-out'): void {
    const { family, session } = last.get(tab) ?? {}
    if (family === undefined || session === undefined) return
    const words = toldOf(tab, family)
    words.push(word)
    if (words.length > 1) report(`5: ${tab.name} told the end of family ${family} as ${words}`)
    if (word === 'expired') {
      const isFirst = endedHere.get(tab) === family && heardEnded.get(tab) !== session
      if (isFirst && !hasPosted.delete(tab))
        report(`5: ${tab.name} kept the end of family ${family} to itself`)
      if (!ended.has(family) && !calledEnded.has(session))
        report(`5: ${tab.name} told that family ${family} expired, which the server never said`)
    } else if (!left.has(family) && !wasCleared && !world.hadStoreTrouble) {
      if (!ended.has(family)) report(`5: ${tab.name} told that family ${family} signed out, which nobody did`)
      else if (heardEnded.get(tab) === session)
        report(`5: ${tab.name} told that family ${family} signed out, when the server had ended it`)
    }
  }

  return {
    hear(happening) {
      const { tab, type } = happening
      if (type === 'committed' && !tab) wasCleared = true
      if (type === 'committed' && happening.before && tab && (leaving.get(tab) ?? 0) > 0)
        left.add(familyOf(happening.before.accessToken))
      if (type === 'acted') {
        if (happening.left !== undefined) left.add(happening.left)
        count(happening.tab, 1)
      }
      // Once the tab is disposed of nobody waits for the store, which may still have all of it to do.
      const isDone = type === 'call-settled' && !happening.tab.isDisposed
      if (isDone && ['setTokens', 'signOut'].includes(happening.call.name)) count(happening.tab, -1)
      if (type === 'refresh-answered' && happening.call.outcome?.kind === 'ended') {
        ended.add(happening.call.family)
        if (!happening.call.signal.aborted) endedHere.set(happening.tab, happening.call.family)
      }
      if (type === 'posted' && happening.message.type === 'ended') hasPosted.add(happening.tab)
      if (type === 'heard' && happening.message.type === 'ended') {
        if (happening.isForged) calledEnded.add(happening.message.session)
        else heardEnded.set(happening.tab, happening.message.session)
      }
      if (type === 'told' && (happening.event.type === 'expired' || happening.event.type === 'signed-out'))
        checkEnd(happening.tab, happening.event.type)
      for (const tab of world.tabs) {
        const { record: tokens } = tab.source
        if (tokens) last.set(tab, { family: familyOf(tokens.accessToken), session: tokens.session })
      }
    },
    look() {
      for (const tab of world.tabs) {
        const family = last.get(tab)?.family
        if (family === undefined || tab.source.record || !tab.isAwake || tab.source.isRefreshing) continue
        if (toldOf(tab, family).length === 0) report(`5: ${tab.name} lost family ${family} without a word`)
        if (tab.session.state.status !== 'signed-out')
          report(`5: ${tab.name} shows ${tab.session.state.status}`)
      }
    },
  }
}
