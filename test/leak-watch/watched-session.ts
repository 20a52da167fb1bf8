import type { TabChannel } from '../../src/core/environment.js'
import type { assembleSession } from '../../src/core/session.js'
import type { SessionParts } from '../../src/core/session-parts.js'
import { readProperty } from '../security/support/leaks.js'
import { leakWatch } from './leak-watch.js'
import { rememberSession, watchPlace } from './leftovers.js'

const know = (tokens: unknown): void => {
  for (const name of ['accessToken', 'refreshToken']) leakWatch.know(readProperty(Object(tokens), name))
}

const watchChannel = (channel: TabChannel): TabChannel => ({
  post(message) {
    leakWatch.saw('a message to other tabs', message)
    channel.post(message)
  },
  listen: (listener) => channel.listen(listener),
})

/** Learns the tokens of all sessions that `assemble` makes, and sees what they tell: events, states, messages, errors. */
export function watchSessions(assemble: typeof assembleSession): typeof assembleSession {
  return <Claims>({ callRefresh, environment, ...parts }: SessionParts) => {
    watchPlace(environment)
    const assembled = assemble<Claims>({
      ...parts,
      callRefresh(tokens, signal) {
        const outcome = callRefresh(tokens, signal)
        Promise.resolve(outcome).then(
          (answer) => know(readProperty(Object(answer), 'tokens')),
          () => {},
        )
        return outcome
      },
      environment: { ...environment, channel: watchChannel(environment.channel) },
    })
    const { session, source } = assembled
    rememberSession(session)

    session.on((event) => {
      know(source.record)
      leakWatch.saw('an event', event)
    })
    session.subscribe((state) => {
      know(source.record)
      leakWatch.saw('the state', state)
    })
    const { setTokens } = session
    session.setTokens = (...given) => {
      know(given[0])
      return setTokens(...given)
    }
    for (const name of ['setTokens', 'getAccessToken', 'refresh', 'signOut'] as const) {
      const call = session[name] as (...given: unknown[]) => Promise<unknown>
      const watched: typeof call = (...given) =>
        call(...given).catch((error) => {
          leakWatch.searched(`the error of session.${name}`, error, given.slice(1))
          throw error
        })
      Object.assign(session, { [name]: watched })
    }
    return assembled
  }
}
