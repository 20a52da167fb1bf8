import type { ModelRequest, Route } from './api.js'
import type { Tab } from './tab.js'
import type { CreateWatch } from './watch.js'

const remembersMs = 60_000

/**
 * A refresh that did not help is not repeated for that route within a minute. A refusal that a refresh does cure is
 * always cured: a request to a route that takes every good token comes back refused for a stated reason only, or for one
 * of these: its body cannot be sent twice; there is no refresh token; the auth server says that the token is still good;
 * the new token had died before it was used, and then the route has a minute to wait like a futile one. So has every route
 * where one has refused what a refresh brought, and none has taken it: something on the way may take all tokens off.
 *
 * Nothing is sent again that could not do better: a body that can be sent once, or a request that was led elsewhere.
 */
export const refreshIsWorthIt: CreateWatch = (_world, report) => {
  /** Until when a route is known to be futile. */
  const futile = new Map<Tab, Map<Route, number>>()
  const memoryOf = (tab: Tab): Map<Route, number> => {
    const own = futile.get(tab) ?? new Map<Route, number>()
    futile.set(tab, own)
    return own
  }
  /** A clock that has been set back makes the session forget, which costs a refresh. */
  function isKnown(tab: Tab, route: Route): boolean {
    const leftMs = (memoryOf(tab).get(route) ?? 0) - tab.source.clock.now()
    return leftMs > 0 && leftMs <= remembersMs
  }
  const heardNotDue = new Set<Tab>()
  const taken = new Map<Tab, Set<string>>()
  /** Fresh tokens that were refused, and until when that counts for all routes. */
  const refusedFresh = new Map<Tab, Map<string, number>>()

  function isHopeless(tab: Tab, token: string): boolean {
    const leftMs = (refusedFresh.get(tab)?.get(token) ?? 0) - tab.source.clock.now()
    return !taken.get(tab)?.has(token) && leftMs > 0 && leftMs <= remembersMs
  }

  function noteToken(tab: Tab, { outcome, sends, route }: ModelRequest): void {
    const token = sends.at(-1)
    if (!outcome || !('reply' in outcome) || typeof token !== 'string' || route === 'moved') return
    if (outcome.reply.status === 200 || route === 'scope')
      taken.set(tab, (taken.get(tab) ?? new Set<string>()).add(token))
    else if (sends.length > 1) {
      const own = refusedFresh.get(tab) ?? new Map<string, number>()
      refusedFresh.set(tab, own.set(token, tab.source.clock.now() + remembersMs))
    }
  }

  function checkCure(tab: Tab, request: ModelRequest): void {
    const { outcome, route, isReplayable, sends, lates } = request
    if (route !== 'curable' || !outcome || !('reply' in outcome)) return
    const { status, reason } = outcome.reply
    // A second sending with tokens that were there already is no cure yet.
    const sendsOfRefresh = lates[0] ? 3 : 2
    if (status === 200 || reason || sends.length >= sendsOfRefresh || sends[0] === null) return
    const cannot = !isReplayable || tab.source.record?.refreshToken === undefined || heardNotDue.has(tab)
    if (!cannot && !isKnown(tab, route) && !isHopeless(tab, sends.at(-1) as string))
      report(`7: ${tab.name} did not cure ${request.url}`)
  }

  function checkSend({ name }: Tab, { isReplayable, route, sends, url }: ModelRequest): void {
    if (sends.length > 1 && (!isReplayable || route === 'moved')) report(`7: ${name} sent ${url} again`)
  }

  return {
    hear(happening) {
      if (happening.type === 'request-sent') checkSend(happening.tab, happening.request)
      if (happening.type === 'refresh-answered' && happening.call.outcome?.kind === 'not-due')
        heardNotDue.add(happening.tab)
      if (happening.type === 'told' && happening.event.type === 'request-held') {
        const { tab, event } = happening
        const request = tab.requests.find(({ url }) => url === event.url)
        if (event.reason === 'refused' && request && !request.lates.at(-1) && isKnown(tab, request.route))
          report(`7: ${tab.name} refreshes again for ${event.url}`)
      }
      if (happening.type === 'request-settled') {
        checkCure(happening.tab, happening.request)
        noteToken(happening.tab, happening.request)
      }
      if (happening.type === 'request-settled') {
        const { tab, request } = happening
        const { outcome, sends, route } = request
        if (!outcome || !('reply' in outcome)) return
        if (outcome.reply.status === 200) memoryOf(tab).delete(route)
        else if (sends.length === 2 && !outcome.reply.reason && route !== 'scope')
          memoryOf(tab).set(route, tab.source.clock.now() + remembersMs)
      }
    },
  }
}
