import type { createSession, SessionOptions } from '../../src/index.js'
import { leakWatch } from './leak-watch.js'

/** Has the sessions that `create` makes print what happens, whether the test asked for it or not, and reads every line. */
export function watchDebug(create: typeof createSession): typeof createSession {
  return <Claims>(options: SessionOptions) => {
    if (typeof options !== 'object' || options === null) return create<Claims>(options)
    const { debug } = options
    if (debug !== undefined && debug !== false && typeof debug !== 'function') return create<Claims>(options)
    return create<Claims>({
      ...options,
      debug(line) {
        leakWatch.saw('the debug output', line)
        return debug ? debug(line) : undefined
      },
    })
  }
}
