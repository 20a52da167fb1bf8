/**
 * Remembers the routes that refused a refreshed token too, so that the refresh is not repeated for them however often they
 * are polled. A route that accepts a token again is forgotten at once.
 */
export interface FutileRefreshes {
  has(route: string): boolean
  add(route: string): void
  delete(route: string): void
  /** Until when each is remembered. */
  readonly routes: ReadonlyMap<string, number>
}

const remembersMs = 60_000
const mostRoutes = 200

export function createFutileRefreshes(now: () => number): FutileRefreshes {
  const routes = new Map<string, number>()
  return {
    routes,
    has(route) {
      const leftMs = (routes.get(route) ?? 0) - now()
      // Longer than it can be: the clock has been set back.
      return leftMs > 0 && leftMs <= remembersMs
    },
    add(route) {
      routes.delete(route)
      routes.set(route, now() + remembersMs)
      if (routes.size > mostRoutes) routes.delete(routes.keys().next().value as string)
    },
    delete: (route) => routes.delete(route),
  }
}

/** The host begins after `https://`, at most 9 characters from the start: its digits are no id. */
const latestHostAt = 9

/** Method and path; a segment with a digit in it counts as an id, so that `/items/1` and `/items/2` are one route. */
export const routeOf = (method: string, url: string): string =>
  `${method} ${url.replace(/\/[^/]*\d[^/]*/g, (segment, at) => (at < latestHostAt ? segment : '/*'))}`
