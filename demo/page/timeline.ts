import { createSvg } from './element.js'
import { type Call, hasStep, lastInstant, type Run, type StepKind } from './run.js'
import { duration } from './words.js'

const gutter = 58
const rightEdge = 12
const topEdge = 18
const refreshLane = 26
const axis = 22
const tallestRow = 14
const rowsHeight = 280
const shortestSpanMs = 50

/** One line for each call, one bar for the refresh they share, and time from left to right. */
export interface Timeline {
  draw(run: Run): void
}

/**
 * Marks of one kind are one path each, so that drawing costs the same for 5 calls and for 500.
 * `onPoint` is told which call the pointer is at.
 */
export function createTimeline(container: HTMLElement, onPoint: (call: Call | null) => void): Timeline {
  const layer = (name: string): SVGPathElement => createSvg('path', { class: name })
  const layers = {
    band: layer('refresh-band'),
    refresh: layer('refresh'),
    held: layer('held'),
    sent: layer('sent'),
    'sent-again': layer('sent-again'),
    halo: layer('refused-halo'),
    refused: layer('refused'),
    answered: layer('answered'),
    failed: layer('failed'),
    moments: layer('moment'),
  }
  const scale = createSvg('g')
  const cursor = createSvg('rect', { class: 'row-cursor', visibility: 'hidden' })
  const names = createSvg('g')
  const svg = createSvg('svg', { role: 'img' }, hatch(), scale, cursor, ...Object.values(layers), names)
  container.append(svg)

  let shown: Run | null = null
  let rowHeight = tallestRow

  function draw(run: Run): void {
    shown = run
    const width = container.clientWidth
    if (width === 0) return
    rowHeight = Math.min(tallestRow, rowsHeight / run.calls.length)
    const rowsTop = topEdge + refreshLane
    const bottom = rowsTop + run.calls.length * rowHeight
    const end = run.endedAt === null ? Date.now() : lastInstant(run)
    const spanMs = Math.max(shortestSpanMs, (end - run.startedAt) * 1.02)
    const x = (at: number): number => gutter + ((at - run.startedAt) / spanMs) * (width - gutter - rightEdge)
    const y = (call: Call): number => rowsTop + (call.number - 0.5) * rowHeight

    svg.setAttribute('height', String(bottom + axis))
    svg.setAttribute('aria-label', label(run))

    const bar = Math.max(1, rowHeight - 5)
    for (const kind of ['held', 'sent', 'sent-again'] as const) {
      layers[kind].setAttribute('d', run.calls.map((call) => spans(call, kind, end, x, y, bar)).join(''))
    }
    const size = Math.max(1.5, Math.min(4, rowHeight / 3))
    const crosses = marks(run, 'refused', x, y, (cx, cy) => cross(cx, cy, size * 0.85))
    layers.halo.setAttribute('d', crosses)
    layers.refused.setAttribute('d', crosses)
    layers.answered.setAttribute(
      'd',
      marks(run, 'answered', x, y, (cx, cy) => disc(cx, cy, size)),
    )
    layers.failed.setAttribute(
      'd',
      marks(run, 'failed', x, y, (cx, cy) => disc(cx, cy, size)),
    )

    const refreshes = run.refreshes.map(({ startedAt, endedAt }) => {
      const from = x(startedAt)
      return { from, width: Math.max(2, x(endedAt ?? end) - from) }
    })
    layers.refresh.setAttribute('d', refreshes.map((it) => box(it.from, topEdge + 4, it.width, 14)).join(''))
    layers.band.setAttribute(
      'd',
      refreshes.map((it) => box(it.from, topEdge + 18, it.width, bottom - topEdge - 18)).join(''),
    )
    layers.moments.setAttribute(
      'd',
      run.moments.map(({ at }) => `M${x(at)} ${topEdge - 4}V${bottom}`).join(''),
    )

    drawNames(run, width, rowsTop, x)
    drawScale(spanMs, width, bottom, (ms) => x(run.startedAt + ms))
  }

  function drawNames(run: Run, width: number, rowsTop: number, x: (at: number) => number): void {
    names.replaceChildren()
    if (run.refreshes.length > 0) names.append(name('refresh', 'lane-name', 0, topEdge + 15))
    for (const { number } of run.calls) {
      if (number > 1 && number % 5 > 0 && run.calls.length > 5) continue
      names.append(name(`call ${number}`, '', 0, rowsTop + (number - 0.5) * rowHeight + 4))
    }
    for (const { kind, at } of run.moments) {
      const text = {
        'signed-out': 'signed out',
        expired: 'session ended',
        adopted: 'taken from another tab',
      }[kind]
      const isFar = x(at) > width / 2
      const made = name(text, 'moment-name', x(at) + (isFar ? -5 : 5), topEdge - 7)
      if (isFar) made.setAttribute('text-anchor', 'end')
      names.append(made)
    }
  }

  function drawScale(spanMs: number, width: number, bottom: number, x: (ms: number) => number): void {
    const step = tickStep(spanMs, (width - gutter) / 70)
    scale.replaceChildren()
    for (let ms = 0; ms <= spanMs; ms += step) {
      const at = Math.round(x(ms)) + 0.5
      const text = name(ms === 0 ? '0' : duration(ms), '', at, bottom + 16)
      text.setAttribute('text-anchor', 'middle')
      scale.append(createSvg('line', { class: 'grid', x1: at, x2: at, y1: topEdge, y2: bottom + 3 }), text)
    }
  }

  function point(event: PointerEvent): void {
    if (!shown) return
    const row = Math.floor(
      (event.clientY - svg.getBoundingClientRect().top - topEdge - refreshLane) / rowHeight,
    )
    const call = shown.calls[row] ?? null
    cursor.setAttribute('visibility', call ? 'visible' : 'hidden')
    if (call) {
      cursor.setAttribute('y', String(topEdge + refreshLane + row * rowHeight))
      cursor.setAttribute('height', String(rowHeight))
      cursor.setAttribute('width', '100%')
    }
    onPoint(call)
  }

  svg.addEventListener('pointermove', point)
  svg.addEventListener('pointerdown', point)
  svg.addEventListener('pointerleave', () => {
    cursor.setAttribute('visibility', 'hidden')
    onPoint(null)
  })
  new ResizeObserver(() => shown && draw(shown)).observe(container)

  return { draw }
}

type Place = (call: Call) => number
type Scale = (at: number) => number

/** The stretches of time that a call spent in one state; each lasts until its next step. */
function spans(call: Call, kind: StepKind, end: number, x: Scale, y: Place, height: number): string {
  return call.steps
    .map((step, index) => {
      if (step.kind !== kind) return ''
      const from = x(step.at)
      return box(
        from,
        y(call) - height / 2,
        Math.max(1.5, x(call.steps[index + 1]?.at ?? end) - from),
        height,
      )
    })
    .join('')
}

function marks(
  run: Run,
  kind: StepKind,
  x: Scale,
  y: Place,
  shape: (cx: number, cy: number) => string,
): string {
  return run.calls
    .filter((call) => hasStep(call, kind))
    .map((call) => shape(x(call.steps.find((step) => step.kind === kind)?.at ?? 0), y(call)))
    .join('')
}

function box(left: number, top: number, width: number, height: number): string {
  return `M${left.toFixed(1)} ${top.toFixed(1)}h${width.toFixed(1)}v${height.toFixed(1)}h${(-width).toFixed(1)}z`
}

function cross(cx: number, cy: number, arm: number): string {
  return `M${cx - arm} ${cy - arm}l${2 * arm} ${2 * arm}m${-2 * arm} 0l${2 * arm} ${-2 * arm}`
}

function disc(cx: number, cy: number, radius: number): string {
  return `M${cx - radius} ${cy}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0z`
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

/** The smallest of 1, 2, 5, 10 … ms that leaves room for the words. */
function tickStep(spanMs: number, mostTicks: number): number {
  for (let power = 1; ; power *= 10) {
    for (const factor of [1, 2, 5]) {
      if (spanMs / (factor * power) <= mostTicks) return factor * power
    }
  }
}

function label(run: Run): string {
  const refreshes = run.refreshes.length === 1 ? 'one refresh' : `${run.refreshes.length} refreshes`
  return `Timeline of ${run.calls.length} calls and ${refreshes}. The table below has every call in words.`
}
