const margin = 20
/** Above the lines of each client: its name and how it ended. */
const header = 34
const caption = 30
const footer = 50
const titleHeight = 22
/** How long the film is. It runs once, so that nobody has to stop it, and its end is the still. */
const filmSeconds = 6
/** As the demo has them. */
const colours = {
  light: {
    card: '#ffffff',
    line: '#e2e2dd',
    ink: '#1b1e24',
    muted: '#5a616c',
    sent: '#4a7fdc',
    held: '#b98320',
    again: '#0e8f83',
    refresh: '#7c4fd0',
    good: '#167a42',
    bad: '#c4332b',
  },
  dark: {
    card: '#1a1d22',
    line: '#2b3038',
    ink: '#e8eaed',
    muted: '#a2a9b5',
    sent: '#6c9cf0',
    held: '#d8a344',
    again: '#3dbfb0',
    refresh: '#aa8cf2',
    good: '#4fc487',
    bad: '#f27a71',
  },
}
const about = 'Two tabs make eight calls each with the same expired access token. A refresh token works once.'
const names = { queue: 'The copied queue', latchkey: 'Latchkey' }
/** @type {[kind: string, text: string][]} */
const legend = [
  ['sent', 'request'],
  ['refused', '401'],
  ['held', 'waits'],
  ['refresh', 'refresh'],
  ['refresh-failed', 'refresh refused'],
  ['sent-again', 'replay'],
]

/**
 * The picture of a recording: an SVG that uncovers the timeline from left to right, which is as it happened, and stays as
 * the whole. Who wants less motion gets the whole at once.
 * @param {import('./record.mjs').Recording} recording @returns {string}
 */
export function draw(recording) {
  const { width, words, marks, grid, verdicts } = recording
  const groups = words.filter(({ kind }) => kind === 'group-name')
  const middle = Math.round(groups.length / 2)
  /** @param {number} y */
  const isLower = (y) => y > (groups[middle]?.y ?? 0) - titleHeight
  /** The lines of the second client make room for its header too. @param {number} y */
  const move = (y) => y + margin + caption + header + (isLower(y) ? header + 6 : 0)
  const bottom = Math.max(...grid.map(({ y2 }) => y2))
  const height = Math.ceil(move(bottom) + footer + margin)
  const total = width + 2 * margin
  /** @type {{ side: 'queue' | 'latchkey', y: number }[]} */
  const headers = [
    { side: 'queue', y: margin + caption + 18 },
    { side: 'latchkey', y: move(groups[middle]?.y ?? 0) - titleHeight - 8 },
  ]
  const tones = { queue: 'bad', latchkey: 'good' }

  const drawn = [
    ...grid.map(({ x, y1 }) => `<path class="grid" d="M${x} ${move(y1)}V${move(bottom)}"/>`),
    ...marks
      .filter(({ kind, d }) => d && kind !== 'hatch-line')
      .map(({ kind, d }) => `<path class="${kind}" d="${moved(d, move)}"/>`),
    ...words
      .filter(({ kind }) => kind.startsWith('moment-name'))
      .map(
        ({ kind, text, x, y, anchor }) =>
          `<text class="${kind}" x="${x}" y="${move(y)}" text-anchor="${anchor}">${text}</text>`,
      ),
  ]
  const cover = `<rect class="cover" x="0" y="${margin + caption + header}" width="${width + 8}" height="${height}"/>`
  const still = [
    `<text class="faint" x="4" y="${margin + 8}">${about}</text>`,
    ...words
      .filter(({ kind }) => kind === 'time')
      .map(
        ({ text, x, anchor }) =>
          `<text class="faint" x="${x}" y="${move(bottom) + 16}" text-anchor="${anchor}">${text}</text>`,
      ),
    ...groups.map(({ text, x, y }) => `<text class="tab" x="${x}" y="${move(y)}">${tabOf(text)}</text>`),
    ...headers.map(({ side, y }) => `<text class="side" x="4" y="${y}">${names[side]}</text>`),
    ...headers.map(
      ({ side, y }) =>
        `<text class="verdict" x="${width - 8}" y="${y}" text-anchor="end"><tspan class="${tones[side]}">${verdicts[side].standing}</tspan><tspan class="faint" dx="10">${verdicts[side].calls}</tspan></text>`,
    ),
    ...drawLegend(height - margin - 4),
  ]
  const label = `${about} ${headers.map(({ side }) => `${names[side]}: ${verdicts[side].standing}, ${verdicts[side].calls}`).join('. ')}.`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${total} ${height}" width="${total}" height="${height}" role="img" aria-label="${label}">
<style>
${style}
</style>
<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch-line" d="M0 0V5"/></pattern></defs>
<rect class="card" x="0.5" y="0.5" width="${total - 1}" height="${height - 1}" rx="10"/>
<svg x="${margin}" width="${width}" height="${move(bottom) + 2}">
${drawn.join('\n')}
${cover}
</svg>
<g transform="translate(${margin} 0)">
${still.join('\n')}
</g>
</svg>
`
}

/** @param {string} name */
const tabOf = (name) => /tab (\w+)/.exec(name)?.[0] ?? name

/**
 * A path with each of its parts at its new height; a part begins by an `M`.
 * @param {string} d @param {(y: number) => number} move
 */
const moved = (d, move) =>
  d.replace(/M(-?[\d.]+) (-?[\d.]+)([^M]*)/g, (_, x, y, rest) => {
    const to = move(Number(y))
    const by = to - Number(y)
    return `M${x} ${round(to)}${rest.replace(/V(-?[\d.]+)/g, (/** @type {string} */ _part, /** @type {string} */ bottom) => `V${round(Number(bottom) + by)}`)}`
  })

/** @param {number} value */
const round = (value) => Number(value.toFixed(1))

/** @param {number} y */
function drawLegend(y) {
  let x = 4
  return legend.flatMap(([kind, text]) => {
    const isCross = kind === 'refused'
    const sign = isCross ? 8 : 22
    const shape = isCross ? `M${x} ${y - 8}l7 7m-7 0l7 -7` : `M${x} ${y - 9}h${sign}v9h${-sign}z`
    const drawn = [
      `<path class="${kind}" d="${shape}"/>`,
      `<text class="faint" x="${x + sign + 7}" y="${y}">${text}</text>`,
    ]
    x += sign + text.length * 7 + 26
    return drawn
  })
}

/** @param {'light' | 'dark'} scheme */
const variables = (scheme) =>
  Object.entries(colours[scheme])
    .map(([name, value]) => `--${name}: ${value}`)
    .join('; ')

const style = `svg { ${variables('light')} }
@media (prefers-color-scheme: dark) { svg { ${variables('dark')} } }
text { font: 13px system-ui, sans-serif; fill: var(--ink) }
.side { font-size: 17px; font-weight: 650 }
.verdict { font-size: 13px }
.verdict .good, .verdict .bad { font-size: 17px; font-weight: 700 }
.good { fill: var(--good) }
.bad { fill: var(--bad) }
.tab { font-weight: 600 }
.faint, .verdict .faint { fill: var(--muted); font-size: 12px }
.card { fill: var(--card); stroke: var(--line) }
.cover { fill: var(--card); transform: translateX(110%) }
.grid { stroke: var(--line) }
.sent { fill: var(--sent) }
.held { fill: url(#hatch); stroke: var(--held) }
.hatch-line { stroke: var(--held); stroke-width: 2 }
.sent-again { fill: var(--again) }
.refresh { fill: var(--refresh) }
.refresh-band { fill: var(--refresh); opacity: 0.09 }
.refresh-failed { fill: var(--card); stroke: var(--bad); stroke-width: 1.25 }
.refused { fill: none; stroke: var(--bad); stroke-width: 2.25; stroke-linecap: round }
.refused-halo { fill: none; stroke: var(--card); stroke-width: 5; stroke-linecap: round }
.answered { fill: var(--good); stroke: var(--card); stroke-width: 1.5 }
.failed { fill: var(--card); stroke: var(--bad); stroke-width: 2.25 }
.moment { stroke: var(--bad); stroke-dasharray: 3 3 }
.moment-name { fill: var(--bad); font-weight: 600 }
.moment.adopted { stroke: var(--refresh) }
.moment-name.adopted { fill: var(--refresh) }
@media (prefers-reduced-motion: no-preference) {
  .cover { animation: uncover ${filmSeconds - 1}s linear 0.5s backwards }
  .verdict { animation: appear 0.5s ease-out ${filmSeconds - 0.5}s backwards }
}
@keyframes uncover { from { transform: none } to { transform: translateX(100%) } }
@keyframes appear { from { opacity: 0 } }`
