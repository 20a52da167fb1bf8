const width = 720
const left = 230
const rowHeight = 26
const top = 44

/** Legible on a light page and on a dark one. */
const style = `<style>
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600 }
.faint { fill: #59636e; font-size: 12px }
.rule { stroke: #d1d9e0 }
.ours { fill: #1a7f64 }
.other { fill: #8c959f }
.bad { fill: #cf222e }
.dots { stroke-width: 3; stroke-linecap: round }
.ours.dots { stroke: #1a7f64 }
.other.dots { stroke: #8c959f }
.bad.dots { stroke: #cf222e }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc }
  .faint { fill: #9198a1 }
  .rule { stroke: #3d444d }
  .ours { fill: #3fb68b }
  .bad { fill: #f85149 }
  .ours.dots { stroke: #3fb68b }
  .bad.dots { stroke: #f85149 }
}
</style>`

const escaped = (/** @type {string} */ text) =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)

/** @param {number} height @param {string} title @param {string} subtitle @param {string} content */
const document = (height, title, subtitle, content) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">
${style}
<text class="title" x="0" y="15">${escaped(title)}</text>
<text class="faint" x="0" y="33">${escaped(subtitle)}</text>
${content}
</svg>
`

const round = (/** @type {number} */ value) => Math.round(value * 10) / 10

/**
 * One bar a row.
 *
 * @param {{ title: string, subtitle: string, limit: number, bars: { name: string, value: number, label: string, isOurs: boolean }[] }} plot
 */
export function barsOf({ title, subtitle, limit, bars }) {
  const most = Math.max(limit, ...bars.map(({ value }) => value))
  const x = (/** @type {number} */ value) => round(left + (value / most) * (width - left - 150))
  const rows = bars.map(({ name, value, label, isOurs }, index) => {
    const y = top + index * rowHeight
    const kind = isOurs ? 'ours' : value > limit ? 'bad' : 'other'
    return `<text x="${left - 8}" y="${y + 15}" text-anchor="end">${escaped(name)}</text>
<rect class="${kind}" x="${left}" y="${y + 3}" width="${round(x(value) - left)}" height="16" rx="2"/>
<text class="faint" x="${x(value) + 6}" y="${y + 15}">${escaped(label)}</text>`
  })
  const bottom = top + bars.length * rowHeight
  const rule = `<line class="rule" x1="${x(limit)}" y1="${top}" x2="${x(limit)}" y2="${bottom}" stroke-dasharray="3 3"/>`
  return document(bottom + 8, title, subtitle, [...rows, rule].join('\n'))
}

/**
 * One strip of dots a row, on one axis of time and one scale.
 *
 * @param {{ title: string, subtitle: string, mostMs: number, spanMs: number, rows: { name: string, dots: { atMs: number, tookMs: number }[], isOurs: boolean }[] }} plot
 */
export function stripsOf({ title, subtitle, mostMs, spanMs, rows }) {
  const height = 62
  const strips = rows.map(({ name, dots, isOurs }, index) => {
    const bottom = top + (index + 1) * height - 8
    // Strokes without length: a tenth of what as many circles take.
    const pathOf = (/** @type {string} */ kind, /** @type {typeof dots} */ some) =>
      `<path class="dots ${kind}" d="${some
        .map(({ atMs, tookMs }) => {
          const x = Math.round(left + (atMs / spanMs) * (width - left - 60))
          const y = round(bottom - (Math.min(tookMs, mostMs) / mostMs) * (height - 14))
          return `M${x} ${y}h0`
        })
        .join('')}"/>`
    const isSlow = (/** @type {typeof dots[number]} */ { tookMs }) => tookMs > mostMs / 4
    const marks = [
      pathOf(isOurs ? 'ours' : 'other', isOurs ? dots : dots.filter((dot) => !isSlow(dot))),
      pathOf('bad', isOurs ? [] : dots.filter(isSlow)),
    ]
    return `<text x="${left - 8}" y="${bottom - 18}" text-anchor="end">${escaped(name)}</text>
<line class="rule" x1="${left}" y1="${bottom}" x2="${width - 60}" y2="${bottom}"/>
<text class="faint" x="${width - 54}" y="${bottom - height + 18}">${mostMs} ms</text>
${marks.join('')}`
  })
  return document(top + rows.length * height + 4, title, subtitle, strips.join('\n'))
}
