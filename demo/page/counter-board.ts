import type { Counters } from './demo-server.js'
import { create } from './element.js'

const names: Record<keyof Counters, string> = {
  requests: 'calls received',
  accepted: 'accepted',
  refused: 'refused with 401',
  refreshes: 'refreshes granted',
  refreshesRefused: 'refreshes refused',
  reuseDetected: 'spent tokens seen again',
  sessions: 'sessions alive',
}

/** The server's figures, and what the last run added to them. */
export function showCounters(list: HTMLElement, now: Counters, before: Counters): void {
  const keys = Object.keys(names) as (keyof Counters)[]
  list.replaceChildren(
    ...keys.map((key) => {
      const gain = now[key] - before[key]
      const figure = create('dd', {}, create('span', {}, String(now[key])))
      figure.dataset.testid = `counter-${key}`
      if (gain !== 0) {
        figure.append(create('span', { className: 'gain' }, gain > 0 ? `+${gain}` : `−${-gain}`))
      }
      return create('div', {}, create('dt', {}, names[key]), figure)
    }),
  )
}
