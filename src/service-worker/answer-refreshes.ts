import { isAuthError } from '../core/errors.js'
import type { Session } from '../core/session.js'
import type { TokenVersion } from '../core/tokens.js'
import type { Connection } from '../http/connection.js'
import { aliveMs, type RefreshAnswer, readAsked } from './refresh-messages.js'
import { whileRefreshing } from './while-refreshing.js'
import type { ExtendableMessageEvent, WorkerScope } from './worker-scope.js'

/**
 * Does the refreshes that pages hand over, as a tab of its own: under the same lock, into the same store. The worker lives
 * until they are done, whatever becomes of the pages. It answers for its own session alone.
 */
export function answerRefreshes<Claims>(
  scope: WorkerScope,
  session: Session<Claims>,
  { owner, isInHand, clock }: Connection,
): void {
  async function answer(asked: TokenVersion, port: MessagePort): Promise<void> {
    await session.ready
    if (owner() !== asked.session) return
    let cancel = (): void => {}
    const post = (answer: RefreshAnswer): void => port.postMessage(answer)
    const beat = (): void => {
      post({ type: 'alive' })
      cancel = clock.after(aliveMs, beat)
    }
    beat()
    try {
      // Otherwise there are newer ones, or the page knows more than the worker: the store says which.
      if (isInHand(asked)) await session.refresh()
      post({ type: 'done' })
    } catch (error) {
      // What is for good shows in the store, or is to be found out by the page itself.
      if (!isAuthError(error) || !error.retryable) return post({ type: 'done' })
      const { code, message, status } = error
      post({ type: 'failed', code, message, status })
    } finally {
      cancel()
      await whileRefreshing(session)
    }
  }

  scope.addEventListener('message', (given) => {
    const event = given as unknown as ExtendableMessageEvent
    const asked = readAsked(event.data)
    const [port] = event.ports
    if (asked && port) event.waitUntil(answer(asked, port))
  })
}
