import { authErrorOf } from '../../../src/http/auth-error-of.js'
import type { CreateWatch } from './watch.js'

/**
 * Nothing is decided while nobody can: a prerendered page, which may never be shown, starts no refresh, asks for no lock
 * and lets no limit run. It reads the store, whose own limits run in it as in any page.
 */
export const nothingOutOfSight: CreateWatch = (world, report) => ({
  hear(happening) {
    const { tab } = happening
    if (!tab?.place.isPrerendered) return
    const outcome =
      happening.type === 'request-settled'
        ? happening.request.outcome
        : happening.type === 'call-settled'
          ? happening.call.outcome
          : undefined
    const error = outcome && 'error' in outcome ? authErrorOf(outcome.error) : undefined
    if (error?.retryable) report(`12: ${tab.name} gave up with ${error.code} before it was shown`)
    const isRefresh =
      happening.type === 'refresh-sent' ||
      (happening.type === 'told' && /^(refresh-|expired)/.test(happening.event.type))
    if (isRefresh) report(`12: ${tab.name} saw to a refresh before it was shown`)
  },
  look() {
    for (const { name, place, timers } of world.tabs) {
      if (!place.isPrerendered || place.isGone) continue
      if (world.lock.turnsOf(place) > 0) report(`12: ${name} asked for the lock before it was shown`)
      if (timers > 0 && world.store.pendingOf(place) === 0)
        report(`12: ${name} lets ${timers} limits run before it is shown`)
    }
  },
})
