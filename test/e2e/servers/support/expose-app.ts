// What the tests call in every tab.
import { isAxiosError } from 'axios'
import type { Session, SessionEvent } from '../../../../src/index.js'
import type { App } from '../../support/page.js'

/** The part of the other pages' app that makes sense with any server, so that the same tabs drive it. */
type CommonApp = Pick<App, 'ready' | 'signIn' | 'signOut' | 'keeps' | 'refresh' | 'get' | 'status' | 'told'>

/** The server that the page's URL names. */
export const serverUrl = (): string => new URLSearchParams(location.search).get('server') ?? ''

export function exposeApp({
  session,
  signIn,
  getUser,
}: {
  session: Session
  signIn(user: string): Promise<void>
  /** Asks the API who is signed in. */
  getUser(): Promise<string>
}): void {
  const happened: SessionEvent['type'][] = []
  session.on(({ type }) => happened.push(type))

  const app: CommonApp = {
    ready: () => session.ready,
    signIn,
    signOut: () => session.signOut(),
    keeps: () => session.getAccessToken(),
    refresh: () => session.refresh().then(() => 'refreshed', codeOf),

    async get(times, at = 0) {
      await new Promise((resolve) => setTimeout(resolve, at - Date.now()))
      return Promise.all(Array.from({ length: times }, () => getUser().catch(codeOf)))
    },

    status() {
      const { state } = session
      return state.status === 'signed-out' ? `signed-out: ${state.reason}` : state.status
    },

    told() {
      const count: Partial<Record<SessionEvent['type'], number>> = {}
      for (const type of happened) {
        if (!type.startsWith('request-')) count[type] = (count[type] ?? 0) + 1
      }
      return count
    },
  }
  Object.assign(window, { app })
}

function codeOf(error: unknown): string {
  if (isAxiosError(error)) return String(error.response?.status ?? error.code)
  return String((error as { code?: unknown }).code ?? error)
}
