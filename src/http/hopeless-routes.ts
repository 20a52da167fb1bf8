/**
 * Remembers the routes on which a refresh did not help, so that it is not repeated there however often they are polled.
 * A route that accepts a token again is forgiven at once.
 */
export interface HopelessRoutes {
  has(route: string): boolean
  add(route: string): void
  forgive(route: string): void
  readonly isEmpty: boolean
}

const remembersMs = 60_000
const mostRoutes = 200

export function createHopelessRoutes(now: () => number): HopelessRoutes {
  const until = new Map<string, number>()
  return {
    has(route) {
      const leftMs = (until.get(route) ?? 0) - now()
      // Longer than it can be: the clock has been set back.
      return leftMs > 0 && leftMs <= remembersMs
    },
    add(route) {
      until.delete(route)
      until.set(route, now() + remembersMs)
      if (until.size > mostRoutes) until.delete(until.keys().next().value as string)
    },
    forgive: (route) => until.delete(route),
    get isEmpty() {
      return until.size === 0
    },
  }
}

/** Method and path; a segment with a digit in it counts as an id, so that `/items/1` and `/items/2` are one route. */
export const routeOf = (method: string, url: string): string =>
  `${method} ${url.replace(/\/[^/]*\d[^/]*/g, (segment, at) => (at < 9 ? segment : '/*'))}`
