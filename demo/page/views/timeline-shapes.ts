import type { StepKind } from '../model/lane.js'
import type { Row } from './timeline-layout.js'

export type Scale = (at: number, row: Row) => number

/** The stretches of time that lanes spent in one state; each lasts until its next step. */
export function spans(rows: readonly Row[], kind: StepKind, now: number, x: Scale): string {
  let path = ''
  for (const row of rows) {
    const { steps } = row.lane
    steps.forEach((step, index) => {
      if (step.kind !== kind) return
      const from = x(step.at, row)
      const width = Math.max(1.5, x(steps[index + 1]?.at ?? now, row) - from)
      const height = Math.max(1, row.height - Math.min(4, row.height * 0.3))
      path += box(from, row.top + (row.height - height) / 2, width, height)
    })
  }
  return path
}

export function marks(
  rows: readonly Row[],
  kind: StepKind,
  x: Scale,
  shape: (cx: number, cy: number, size: number) => string,
): string {
  let path = ''
  for (const row of rows) {
    const size = Math.max(1.2, Math.min(4, row.height / 3))
    for (const step of row.lane.steps) {
      if (step.kind === kind) path += shape(x(step.at, row), row.top + row.height / 2, size)
    }
  }
  return path
}

export function box(left: number, top: number, width: number, height: number): string {
  return `M${left.toFixed(1)} ${top.toFixed(1)}h${width.toFixed(1)}v${height.toFixed(1)}h${(-width).toFixed(1)}z`
}

export function cross(cx: number, cy: number, size: number): string {
  const arm = size * 0.85
  return `M${(cx - arm).toFixed(1)} ${(cy - arm).toFixed(1)}l${2 * arm} ${2 * arm}m${-2 * arm} 0l${2 * arm} ${-2 * arm}`
}

export function disc(cx: number, cy: number, radius: number): string {
  return `M${(cx - radius).toFixed(1)} ${cy.toFixed(1)}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0z`
}

/** The smallest of 1, 2, 5, 10 … ms that leaves room for the words. */
export function tickStep(spanMs: number, mostTicks: number): number {
  for (let power = 1; ; power *= 10) {
    for (const factor of [1, 2, 5]) {
      if (spanMs / (factor * power) <= mostTicks) return factor * power
    }
  }
}
