import { createSession } from 'latchkey'
import { headerPair } from 'latchkey/servers'

export const session = createSession({ refresh: headerPair({ url: '/auth/refresh' }) })

// A hot update makes a new session; the old one must not go on beside it.
import.meta.hot?.dispose(() => session.dispose())
