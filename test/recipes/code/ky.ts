import type { Options } from 'ky'
import { authErrorOf } from '../../../src/fetch.js'
import type { Session } from '../../../src/index.js'

/** ky retries no request whose session is over: `ky.create({ fetch: api, ...kyOptions(session) })`. */
export function kyOptions(session: Session): Options {
  let changes = 0
  session.on(({ type }) => {
    if (['signed-in', 'signed-out', 'expired'].includes(type)) changes++
  })
  /** Keyed by an object that all attempts of a call share. */
  const madeAt = new WeakMap<object, number>()
  return {
    retry: { shouldRetry: ({ error }) => authErrorOf(error)?.retryable },
    hooks: {
      beforeRequest: [
        (_, { retry }) => {
          if (!madeAt.has(retry)) madeAt.set(retry, changes)
        },
      ],
      beforeRetry: [
        ({ options: { retry }, error }) => {
          if (madeAt.get(retry) !== changes) throw error
        },
      ],
    },
  }
}
