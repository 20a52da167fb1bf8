import type { Session } from '../../src/core/session.js'

/** The session, with a count of its present subscribers, and of all subscriptions so far. */
export function countSubscribers<Claims>(session: Session<Claims>): {
  session: Session<Claims>
  readonly subscribers: number
  readonly subscriptions: number
} {
  let subscribers = 0
  let subscriptions = 0
  const counted: Session<Claims> = Object.create(session, {
    subscribe: {
      value(listener: Parameters<Session<Claims>['subscribe']>[0]) {
        const remove = session.subscribe(listener)
        subscribers++
        subscriptions++
        return () => {
          subscribers--
          remove()
        }
      },
    },
  })
  return {
    session: counted,
    get subscribers() {
      return subscribers
    },
    get subscriptions() {
      return subscriptions
    },
  }
}
