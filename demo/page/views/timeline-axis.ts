import type { Words } from '../words/words.js'
import { createSvg } from './element.js'
import { tickStep } from './timeline-shapes.js'

/** What the words of an instant take up. */
const roomOfTime = 56

/** A stretch of time, and the pixels it takes from left to right. */
export interface Stretch {
  spanMs: number
  left: number
  right: number
  top: number
  bottom: number
  /** Whether it counts back from now. */
  isLive: boolean
}

/** The time from left to right, and the instant under the pointer. */
export interface TimeAxis {
  readonly grid: SVGElement
  readonly hand: SVGElement
  draw(stretch: Stretch): void
  /** `after` ms into the stretch; null where the pointer has left. */
  point(after: number | null): void
}

export function createTimeAxis({ timeline }: Words): TimeAxis {
  const grid = createSvg('g')
  const line = createSvg('line', { class: 'hand' })
  const time = createSvg('text', { class: 'hand-time' })
  const hand = createSvg('g', { visibility: 'hidden' }, line, time)
  let stretch: Stretch | null = null
  let pointed: number | null = null

  function tell(ms: number, { isLive }: Stretch): string {
    return ms === 0 ? '0' : `${isLive ? '−' : ''}${timeline.seconds(ms)}`
  }

  function drawGrid(of: Stretch): void {
    const { spanMs, left, right, top, bottom, isLive } = of
    const step = tickStep(spanMs, (right - left) / 80)
    grid.replaceChildren()
    for (let ms = 0; ms <= spanMs; ms += step) {
      const share = isLive ? 1 - ms / spanMs : ms / spanMs
      const at = Math.round(left + share * (right - left)) + 0.5
      grid.append(createSvg('line', { class: 'grid', x1: at, x2: at, y1: top, y2: bottom + 3 }))
      // The time under the pointer takes its place.
      if (pointed !== null && Math.abs(left + (pointed / spanMs) * (right - left) - at) < roomOfTime) continue
      grid.append(
        createSvg('text', { x: at, y: bottom + 17, 'text-anchor': anchorOf(share, 0.03) }, tell(ms, of)),
      )
    }
  }

  function drawHand(of: Stretch): void {
    hand.setAttribute('visibility', pointed === null ? 'hidden' : 'visible')
    if (pointed === null) return
    const { spanMs, left, right, top, bottom, isLive } = of
    const share = pointed / spanMs
    const x = String(left + share * (right - left))
    for (const [name, value] of Object.entries({ x1: x, x2: x, y1: top, y2: bottom + 3 })) {
      line.setAttribute(name, String(value))
    }
    time.textContent = tell((isLive ? 1 - share : share) * spanMs, of)
    time.setAttribute('x', x)
    time.setAttribute('y', String(bottom + 17))
    time.setAttribute('text-anchor', anchorOf(share, 0.1))
  }

  function draw(next: Stretch): void {
    stretch = next
    drawGrid(next)
    drawHand(next)
  }

  return {
    grid,
    hand,
    draw,
    point(after) {
      if (!stretch) return
      pointed = after === null ? null : Math.max(0, Math.min(stretch.spanMs, after))
      draw(stretch)
    },
  }
}

/** Words at either end stay inside. */
function anchorOf(share: number, margin: number): string {
  return share > 1 - margin ? 'end' : share < margin ? 'start' : 'middle'
}
