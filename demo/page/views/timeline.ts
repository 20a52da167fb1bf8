import { isWorkerSide, type SideName } from '../../backend/side-names.js'
import { hasFailed, isOver, type Lane } from '../model/lane.js'
import type { Moment } from '../model/run.js'
import type { Words } from '../words/words.js'
import { createSvg } from './element.js'
import { createTimeAxis } from './timeline-axis.js'
import { type Group, type Layout, layOut, type Row } from './timeline-layout.js'
import { box, cross, disc, marks, type Scale, spans } from './timeline-shapes.js'

const leftEdge = 4
const rightEdge = 12
const topEdge = 8
const axisHeight = 24
const shortestSpanMs = 50
/** Lower rows are filled: nobody could see their hatching, and it is slow to paint. */
const densestHatch = 3

/** What the picture shows: some lanes, each side counted from an instant of its own. */
export interface Scene {
  lanes: readonly Lane[]
  moments: readonly Moment[]
  /** Where the time axis begins, for each side. */
  from(side: SideName): number
  spanMs: number
  now: number
  /** Whether nothing more belongs to it: a refresh that is under way then will not help any of its calls. */
  isOver: boolean
  /** Whether the axis counts back from now. */
  isLive: boolean
}

/** One line for each call, bars for the refreshes, and time from left to right. */
export interface Timeline {
  readonly element: SVGSVGElement
  draw(scene: Scene): void
  /** Whether the lines are too low for a hatching. */
  readonly isDense: boolean
}

/**
 * Marks of one kind are one path each, so that drawing costs the same for 5 calls and for 500.
 * `onPoint` is told which line the pointer or the keyboard is at.
 */
export function createTimeline(words: Words, ownTab: string, onPoint: (lane: Lane | null) => void): Timeline {
  const layer = (name: string): SVGPathElement => createSvg('path', { class: name })
  const layers = {
    band: layer('refresh-band'),
    held: layer('held'),
    sent: layer('sent'),
    'sent-again': layer('sent-again'),
    refresh: layer('refresh'),
    refreshFailed: layer('refresh-failed'),
    halo: layer('refused-halo'),
    refused: layer('refused'),
    answered: layer('answered'),
    failed: layer('failed'),
    ends: layer('moment'),
    adoptions: layer('moment adopted'),
  }
  const axis = createTimeAxis(words)
  const cursor = createSvg('rect', { class: 'row-cursor', visibility: 'hidden', width: '100%' })
  const names = createSvg('g')
  const element = createSvg(
    'svg',
    // A screen reader hands the arrow keys on to an application alone. The same as a table: report.ts.
    {
      tabindex: 0,
      role: 'application',
      'aria-roledescription': words.timeline.role,
      'data-testid': 'timeline',
    },
    hatch(),
    axis.grid,
    cursor,
    ...Object.values(layers),
    names,
    axis.hand,
  )

  let scene: Scene | null = null
  let layout: Layout = { groups: [], rows: [], height: 0 }
  let pointed: string | null = null
  let isDense = false

  function draw(next: Scene): void {
    scene = next
    const width = element.clientWidth
    if (width === 0) return
    const { lanes, from, now, moments } = next
    const spanMs = Math.max(shortestSpanMs, next.spanMs)
    layout = layOut(lanes, ownTab, topEdge)
    const place = (at: number, side: SideName): number =>
      leftEdge + Math.max(0, Math.min(1, (at - from(side)) / spanMs)) * (width - leftEdge - rightEdge)
    const x: Scale = (at, { lane }) => place(at, lane.side)
    const calls = layout.rows.filter(({ lane }) => lane.kind === 'call')
    const refreshes = layout.rows.filter(({ lane }) => lane.kind === 'refresh')

    isDense = calls.some(({ height }) => height < densestHatch)
    element.setAttribute('height', String(layout.height + axisHeight))
    element.setAttribute('aria-label', words.timeline.label(calls.length, refreshes.length))

    for (const kind of ['held', 'sent', 'sent-again'] as const) {
      layers[kind].setAttribute('d', spans(calls, kind, now, x))
    }
    const isBad = ({ lane }: Row): boolean => lane.errorCode !== null || (next.isOver && !isOver(lane))
    const good = refreshes.filter((row) => !isBad(row))
    const bad = refreshes.filter(isBad)
    layers.refresh.setAttribute('d', spans(good, 'sent', now, x))
    layers.refreshFailed.setAttribute('d', spans(bad, 'sent', now, x))
    layers.band.setAttribute('d', bands(good, layout.groups, now, x))
    const failed = calls.filter(({ lane }) => hasFailed(lane))
    const crosses = marks(calls, 'refused', x, cross)
    layers.halo.setAttribute('d', crosses)
    layers.refused.setAttribute('d', crosses)
    layers.answered.setAttribute('d', marks(calls, 'answered', x, disc))
    layers.failed.setAttribute('d', marks(failed, 'failed', x, disc))

    drawNames(width, moments, place)
    axis.draw({
      spanMs,
      left: leftEdge,
      right: width - rightEdge,
      top: topEdge,
      bottom: layout.height,
      isLive: next.isLive,
    })
    showCursor()
  }

  function drawNames(
    width: number,
    moments: readonly Moment[],
    place: (at: number, side: SideName) => number,
  ): void {
    names.replaceChildren(
      ...layout.groups.map(({ side, tab, top }) => {
        // The apps with and without a worker are in no tab of their own.
        const title = isWorkerSide(side)
          ? words.sides[side]
          : words.timeline.group(words.sides[side], tab, tab === ownTab)
        return name(title, 'group-name', leftEdge, top + 14)
      }),
    )
    let ends = ''
    let adoptions = ''
    for (const { side, kind, at, tab } of moments) {
      const group = layout.groups.find((each) => each.side === side && each.tab === tab)
      if (!group) continue
      const left = place(at, side)
      const line = `M${left.toFixed(1)} ${group.refreshesTop - 2}V${group.bottom}`
      if (kind === 'adopted' || kind === 'reloaded') adoptions += line
      else ends += line
      const isFar = left > width / 2
      const made = name(
        words.timeline.moments[kind],
        `moment-name ${kind}`,
        left + (isFar ? -5 : 5),
        group.top + 14,
      )
      if (isFar) made.setAttribute('text-anchor', 'end')
      else if (left < width / 3) made.setAttribute('x', String(Math.max(left + 5, width / 3)))
      names.append(made)
    }
    layers.ends.setAttribute('d', ends)
    layers.adoptions.setAttribute('d', adoptions)
  }

  function showCursor(): void {
    const row = layout.rows.find(({ lane }) => lane.id === pointed)
    cursor.setAttribute('visibility', row ? 'visible' : 'hidden')
    if (!row) return
    cursor.setAttribute('y', String(row.top))
    cursor.setAttribute('height', String(Math.max(2, row.height)))
  }

  function pointAt(lane: Lane | null): void {
    if (lane?.id === pointed) return
    pointed = lane?.id ?? null
    showCursor()
    onPoint(lane)
  }

  /** Of refreshes in one track the one under the pointer, or the last before it. */
  function point({ clientX, clientY }: PointerEvent): void {
    if (!scene) return
    const { left, top, width } = element.getBoundingClientRect()
    const y = clientY - top
    const spanMs = Math.max(shortestSpanMs, scene.spanMs)
    const after = ((clientX - left - leftEdge) / (width - leftEdge - rightEdge)) * spanMs
    axis.point(after)
    const rows = layout.rows.filter((row) => y >= row.top && y < row.top + row.height)
    const begun = rows.filter(({ lane }) => (lane.steps[0]?.at ?? 0) - (scene?.from(lane.side) ?? 0) <= after)
    const found = begun.at(-1) ?? rows[0]
    if (found) pointAt(found.lane)
  }

  element.addEventListener('pointermove', point)
  element.addEventListener('pointerdown', point)
  element.addEventListener('pointerleave', () => axis.point(null))
  element.addEventListener('keydown', (event) => {
    const { rows } = layout
    const index = rows.findIndex(({ lane }) => lane.id === pointed)
    const target = {
      ArrowDown: index + 1,
      ArrowUp: index === -1 ? rows.length - 1 : index - 1,
      Home: 0,
      End: rows.length - 1,
    }[event.key]
    if (event.key === 'Escape') pointAt(null)
    if (target === undefined) return
    event.preventDefault()
    const row = rows[Math.max(0, Math.min(rows.length - 1, target))]
    if (row) pointAt(row.lane)
  })
  new ResizeObserver(() => scene && draw(scene)).observe(element)

  return {
    element,
    draw,
    get isDense() {
      return isDense
    },
  }
}

/** How long a refresh lasted, over the calls that waited for it. */
function bands(refreshes: readonly Row[], groups: readonly Group[], now: number, x: Scale): string {
  return refreshes
    .map((row) => {
      const { lane } = row
      const group = groups.find(({ side, tab }) => side === lane.side && tab === lane.tab)
      if (!group) return ''
      const from = x(lane.steps[0]?.at ?? now, row)
      return box(from, group.callsTop, x(lane.steps[1]?.at ?? now, row) - from, group.bottom - group.callsTop)
    })
    .join('')
}

function hatch(): SVGElement {
  const line = createSvg('line', { class: 'hatch-line', x1: 0, y1: 0, x2: 0, y2: 5 })
  const pattern = createSvg(
    'pattern',
    { id: 'hatch', width: 5, height: 5, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
    line,
  )
  return createSvg('defs', {}, pattern)
}

function name(text: string, kind: string, x: number, y: number): SVGTextElement {
  return createSvg('text', { class: kind, x, y }, text)
}
