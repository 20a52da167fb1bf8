import type { Session } from '../core/session.js'

/** Prints each event as a line. Events hold no token. */
export function printEvents<Claims>(
  session: Session<Claims>,
  name: string,
  debug: true | ((line: string) => void),
): void {
  const print = typeof debug === 'function' ? debug : (line: string) => console.debug(line)
  session.on(({ at, type, ...rest }) =>
    print(`${new Date(at).toISOString()} latchkey[${name}] ${type} ${JSON.stringify(rest)}`),
  )
}
