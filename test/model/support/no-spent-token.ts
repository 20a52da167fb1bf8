import type { RefreshCall } from './refresh-line.js'
import type { Tab } from './tab.js'
import type { CreateWatch } from './watch.js'

const mostCallsPerFlight = 4
const mostLostPerFlight = 2

interface Flight {
  calls: number
  lost: number
}

/**
 * A refresh token that was answered is not sent again, not even where the session that sent it was disposed of meanwhile
 * and another one began in the same page. After an unknown outcome it is tried once more at once, and from
 * then on only when somebody needs it.
 *
 * "Answered" means that the answer came to a session that still wanted it. Where the user signed out or in at the very
 * time, the answer is dropped, and a tab that has not heard may still send the token; where the store could not be read,
 * or neither written nor cleared, the other tabs do not know of the answer until they are told.
 */
export const noSpentToken: CreateWatch = (world, report) => {
  const answered = new Map<string, Tab>()
  const dropped = new Set<number>()
  const flights = new Map<Tab, Flight>()

  const isSpent = ({ outcome, signal }: RefreshCall): boolean =>
    !signal.aborted && (outcome?.kind === 'refreshed' || outcome?.kind === 'ended')

  return {
    hear(happening) {
      const { tab } = happening
      if (happening.type === 'acted' && happening.left !== undefined) dropped.add(happening.left)
      if (happening.type === 'crashed') {
        for (const [token, by] of answered) if (by === tab) answered.delete(token)
      }
      if (happening.type === 'told' && tab) {
        if (happening.event.type === 'refresh-started') flights.set(tab, { calls: 0, lost: 0 })
      }
      if (happening.type === 'heard' && happening.message.type === 'spent') {
        const { session, generation } = happening.message
        happening.tab.toldSpent.set(session, generation)
      }
      if (happening.type === 'refresh-answered') {
        const { call } = happening
        if (isSpent(call)) answered.set(call.refreshToken, happening.tab)
        const flight = flights.get(happening.tab)
        if (flight && call.outcome?.kind === 'retry' && call.outcome.isUnknown) flight.lost++
      }
      if (happening.type === 'refresh-sent') {
        const { call } = happening
        const isExcused = world.hadBadStoreTrouble || dropped.has(call.family)
        if (answered.has(call.refreshToken) && !isExcused)
          report(`3: ${happening.tab.name} sent ${call.refreshToken}, which was answered`)
        const { toldSpent, source } = happening.tab
        const { record } = source
        const spent = toldSpent.get(record?.session ?? '') ?? 0
        if (record?.refreshToken === call.refreshToken && record.generation <= spent)
          report(`3: ${happening.tab.name} sent ${call.refreshToken}, which it was told is spent`)
        const flight = flights.get(happening.tab)
        if (!flight) return report(`3: ${happening.tab.name} sent a refresh outside of any flight`)
        if (++flight.calls > mostCallsPerFlight) report(`3: ${flight.calls} calls in one flight`)
        if (flight.lost >= mostLostPerFlight) report('3: a token of unknown fate was sent a third time')
        if (world.phase === 'idle' && !world.config.isKeptFresh)
          report(`3: ${happening.tab.name} refreshes although nobody needs it`)
      }
    },
  }
}
