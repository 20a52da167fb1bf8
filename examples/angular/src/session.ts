import { createSession } from 'latchkey'

export const session = createSession({ refresh: '/auth/refresh' })

// A hot update makes a new session; the old one must not go on beside it.
import.meta.hot?.dispose(() => session.dispose())
