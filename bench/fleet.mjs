// What a million clients do to an auth server that was down for ten minutes: `npm run bench:fleet`, about ten minutes.
import { writeFileSync } from 'node:fs'
import { build } from 'esbuild'
import { everySecond, latchkeyPolicy, onEachRequest, simulate } from './fleet-model.mjs'

const { outputFiles } = await build({
  entryPoints: [new URL('../src/core/retry-policy.ts', import.meta.url).pathname],
  bundle: true,
  format: 'esm',
  write: false,
})
/** @type {typeof import('../src/core/retry-policy.js')} */
const retryPolicy = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? []).toString('base64')}`
)
const latchkey = latchkeyPolicy(retryPolicy)
const wanted = latchkeyPolicy(retryPolicy, true)

const minute = 60_000
const million = 1_000_000
const ratePerSecond = 3500
const down = { downMs: 10 * minute, startOverMs: 0 }

/** @param {number} clients @param {number} rate */
const leastMs = (clients, rate) => (0.99 * clients * 1000) / rate

/** @param {string} name @param {Partial<Parameters<typeof simulate>[0]>} setting */
function run(name, setting) {
  const whole = {
    policy: latchkey,
    clients: million,
    ratePerSecond,
    excess: /** @type {const} */ ('refuses'),
    ...down,
    ...setting,
  }
  const { load, wellAfterMs, peak } = simulate(whole)
  const times = (wellAfterMs / leastMs(whole.clients, whole.ratePerSecond)).toFixed(2)
  const cells = [
    name,
    `${Math.round(peak * (million / whole.clients)).toLocaleString('en')}`,
    `${(peak / whole.ratePerSecond).toFixed(2)}`,
    wellAfterMs === Infinity ? 'not within an hour' : `${Math.round(wellAfterMs / 1000)} s`,
    wellAfterMs === Infinity ? '' : times,
  ]
  const row = `| ${cells.join(' | ')} |`
  console.log(row)
  return { row, load }
}

/**
 * Users who wait, among a fifth of the tabs at a fifth of the rate, by the spread of all and by their own.
 *
 * @param {string} name
 * @param {{ tabs: number, share: number } & Partial<Parameters<typeof simulate>[0]>} setting
 */
function users(name, { tabs, share, ...setting }) {
  const clients = tabs / 5
  const visible = Math.round(clients * share)
  const whole = {
    policy: latchkey,
    clients,
    visible,
    ratePerSecond: ratePerSecond / 5,
    excess: /** @type {const} */ ('refuses'),
    ...down,
    ...setting,
  }
  const row = [name, tabs.toLocaleString('en'), (visible * 5).toLocaleString('en')]
  for (const visiblePolicy of [latchkey, wanted]) {
    const { visibleWaitsMs, peak } = simulate({ ...whole, visiblePolicy })
    const waits = [0.5, 0.9].map((part) => (visibleWaitsMs[Math.floor(part * visible)] ?? Infinity) / 1000)
    row.push(
      `${waits.map((seconds) => seconds.toFixed(1)).join(' / ')} s`,
      (peak / whole.ratePerSecond).toFixed(2),
    )
  }
  console.log(`| ${row.join(' | ')} |`)
  return { row: `| ${row.join(' | ')} |` }
}

/** @param {string} what */
const head = (what) =>
  `| ${what} | peak, calls a second | over the server's rate | 99 % well after | over the least possible |\n| --- | --- | --- | --- | --- |`

const usersHead = `| fleet, outage | tabs that want a token | users who wait | before: wait | peak | now: wait | peak |
| --- | --- | --- | --- | --- | --- | --- |`

// Both forget at once, so that the last seconds of the ten minutes are like all the others.
const steady = { warmUpMs: 10_000, startOverMs: 1000 }
const refused = run('Latchkey', {})
const clients = million / 5
const part = { clients, ratePerSecond: ratePerSecond / 5 }
const second = run('a try every second', { ...part, policy: everySecond, ...steady })
const each = run('a try with each request', { ...part, policy: onEachRequest, ...steady })
const waiting = [
  run('Latchkey', { ...part, excess: 'lets wait' }),
  run('a try every second', { ...part, policy: everySecond, excess: 'lets wait', ...steady }),
  run('a try with each request', { ...part, policy: onEachRequest, excess: 'lets wait', ...steady }),
]
const told = [30_000, 120_000, 600_000].map((retryAfterMs) =>
  run(`\`Retry-After: ${retryAfterMs / 1000}\` with each refusal, from the first on`, {
    ...part,
    retryAfterMs,
  }),
)
const starts = [
  run('all at once', part),
  run('within five minutes, evenly', { ...part, startOverMs: 5 * minute }),
  run('within the ten minutes, evenly', { ...part, startOverMs: 10 * minute }),
]
const rates = [1500, 2500, 3500, 4000, 5000, 10_000].map((rate) =>
  run(`${rate.toLocaleString('en')} a second`, { clients, ratePerSecond: rate / 5 }),
)
const shortDown = { downMs: minute }
const waits = [
  users('250,000, 60 s', { tabs: 25_000, share: 0.1, ...shortDown }),
  users('250,000, 10 min', { tabs: 250_000, share: 0.1 }),
  users('1,000,000, 60 s', { tabs: 100_000, share: 0.1, ...shortDown }),
  users('1,000,000, 60 s', { tabs: 100_000, share: 0.2, ...shortDown }),
  users('1,000,000, 10 min', { tabs: million, share: 0.005 }),
]
const limits = [
  users('1,000,000, 10 min', { tabs: million, share: 0.02 }),
  users('1,000,000, 10 min', { tabs: million, share: 0.1 }),
  users('250,000, 10 min, they fail one after the other', {
    tabs: 250_000,
    share: 0.02,
    startOverMs: 10 * minute,
  }),
  users('250,000, 10 min, they fail one after the other', {
    tabs: 250_000,
    share: 0.1,
    startOverMs: 10 * minute,
  }),
  users('1,000,000, 60 s, all of them fail', { tabs: million, share: 0.005, ...shortDown }),
  users('1,000,000, 60 s, `Retry-After: 30`', {
    tabs: 100_000,
    share: 0.1,
    retryAfterMs: 30_000,
    ...shortDown,
  }),
]

/** @param {number[]} load */
const whole = (load) => load.map((calls) => (calls * million) / clients)
/** @param {{ row: string }[]} runs */
const rowsOf = (runs) => runs.map(({ row }) => row).join('\n')

writeFileSync(
  new URL('fleet.svg', import.meta.url),
  plot([
    { name: 'Latchkey', colour: '#1a7f37', load: refused.load },
    { name: 'a try every second', colour: '#cf222e', load: whole(second.load) },
    { name: 'a try with each request', colour: '#9a6700', load: whole(each.load) },
  ]),
)

writeFileSync(
  new URL('fleet.md', import.meta.url),
  `# A million clients and an auth server that comes back

Made by \`npm run bench:fleet\`. A million clients want a token; the auth server is down for ten minutes and then serves
${ratePerSecond.toLocaleString('en')} calls a second. It cannot be done with all of them in less than ${Math.round(million / ratePerSecond)} s, with 99 % in less than ${Math.round(leastMs(million, ratePerSecond) / 1000)} s.
All of them failed in the same instant, and every one wants its token all the time, as with a page that asks again and again:
the start that is most in step. The rate is chosen: why it matters is told under *What it cannot do*. (The first row is of a million clients one by one. All others are of a fifth, at a fifth of the rate, told as if it were all.) The clients use \`src/core/retry-policy.ts\` itself; what
a flight does with it is modelled, and a test compares the model with the code call by call.

![Calls a second after the server is back, for three policies](fleet.svg)

The server refuses at once what is above its rate (503):

${head('policy')}
${rowsOf([refused, second, each])}

That is kind to the impatient: a refusal costs this server nothing. One that lets its callers wait, and does not notice that they
have gone (Latchkey after ${20} s, a try every second or with each request likewise), spends its time on those:

${head('policy')}
${rowsOf(waiting)}

## How it comes about

A failed client rests for a random time, up to twice as long as the last, so that the rests grow with the time that the server
has been away. When they have reached five minutes the last random one gives each client an instant of its own in those
five minutes, and it keeps to that: from then on the whole fleet is spread over five minutes as evenly as chance can do it, and
each client meets the server once in each five minutes. A new random rest each time would bring twice as many in the first minute, and some only
after several rounds.

A \`Retry-After\` is the same for all who hear it. Had they come back at the very instant, it would have been all of them in one second (${Math.round(million / ratePerSecond)}
times the server's rate). They come spread over as long again, and what they were told counts as a rest that grows:

${head('the server says')}
${rowsOf(told)}

## A user who waits

Five minutes are long for somebody who looks at the page. What a request in a visible tab asks for is therefore tried again 5 to 10 s
after the last failure (never before a \`Retry-After\` is over), so that *n* of those users make about *n* / 7.5 calls in a second. All other tabs keep to the spread above.

The fleet is that of signed-in tabs, whose tokens live ten minutes: an outage of 60 s meets a tenth of them, one of ten minutes all. The
server serves ${ratePerSecond.toLocaleString('en')} calls a second. The waits count from its return to the token, for users who ask again and again (median / 90 %); *before* is the spread
of all tabs for them too; the peaks are of users and other tabs together, in multiples of the server's rate:

${usersHead}
${rowsOf(waits)}

The limit is the server. Users who wait need their share of what it can do in ten seconds, and the calls of the other tabs take theirs: both
10 s and 1.5 are kept for up to 7 s of the server's work in users (${(7 * ratePerSecond).toLocaleString('en')} here) where the other tabs need little, and for 1.5 s of it
(${(1.5 * ratePerSecond).toLocaleString('en')}) where those take its whole rate. Beyond that, or where the other tabs alone are too many, one or both must give:

${usersHead}
${rowsOf(limits)}

4 to 8 s instead would raise the peak: from 1.23 to 1.43 for 20,000 users of 100,000 tabs. Where the other tabs take the whole rate
it would do for 9,000 users in place of 6,000, since whoever asks more often gets more of what is too little for all. A fixed 10 s would bring the former down to 1.06, and
leave nothing of the ten seconds for a reply or a refusal.

A server that can take less says so by a \`Retry-After\`: users wait for that too, and up to 10 s more. A call that it leaves without an
answer fails only after 20 s: after an outage of that kind users wait up to so much longer. One that asks less often than again and
again waits no longer from the request on, for the time may have passed by then.

## What it cannot do

Clients that do not know each other know neither how many they are nor how much the server can take. Let them come back spread over
a time T, so that 1,000,000 / T call in a second. The peak is within 1.5 times the server's rate when T is at least 1,000,000 / (1.5 × rate), and
99 % can be well within 1.2 times the least time only when T is at most 1.2 × 1,000,000 / rate. So any fixed T keeps both for servers
whose rates differ by a factor of 1.8 at most (1.5 × 1.2), and that only if those it has to refuse come back in perfect order. For other rates one of the two must give:

${head("the server's rate")}
${rowsOf(rates)}

Below the band the server sees more than it can do, and refuses; above it, it is not busy, and the users wait longer than they would have to,
five minutes at most.

Nor can they tell, when they begin to fail one after the other, how long the server has been away. The last ones have just begun, and
try as quickly as everybody does at first, for most failures are over in a few seconds:

${head('the clients begin to fail')}
${rowsOf(starts)}

Each client that has called *n* times since it began to fail is worth *n* of them in the second of the server's return. To keep that peak
down to 1.5 would take no more than three calls in ten minutes, and a user whose refresh met a broken connection would wait for
minutes.
`,
)

/** Calls a second over time, on a logarithmic scale. @param {{ name: string, colour: string, load: number[] }[]} lines */
function plot(lines) {
  const [width, height, left, bottom, top] = [860, 420, 80, 50, 40]
  const [longest, most, least] = [420, 2_000_000, 100]
  const x = (/** @type {number} */ s) => left + (s / longest) * (width - left - 20)
  const y = (/** @type {number} */ calls) => {
    const share = Math.log10(Math.max(calls, least) / least) / Math.log10(most / least)
    return height - bottom - share * (height - bottom - top)
  }
  const ticks = [100, 1000, 10_000, 100_000, 1_000_000]
  const path = (/** @type {number[]} */ load) =>
    load
      .slice(0, longest)
      .map((calls, s) => `${s === 0 ? 'M' : 'L'}${x(s).toFixed(1)} ${y(calls).toFixed(1)}`)
      .join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13">
<title>Calls a second after the server is back, for three policies</title>
<rect width="100%" height="100%" fill="#fff"/>
${ticks.map((calls) => `<path d="M${left} ${y(calls)}H${width - 20}" stroke="#d0d7de"/><text x="${left - 8}" y="${y(calls) + 4}" text-anchor="end">${calls.toLocaleString('en')}</text>`).join('\n')}
${[0, 60, 120, 180, 240, 300, 360, 420].map((s) => `<text x="${x(s)}" y="${height - bottom + 20}" text-anchor="middle">${s}</text>`).join('\n')}
<text x="${(left + width) / 2}" y="${height - 10}" text-anchor="middle">seconds since the server is back</text>
<text x="${left}" y="18">calls a second</text>
<path d="M${left} ${y(ratePerSecond)}H${width - 20}" stroke="#57606a" stroke-dasharray="6 4"/>
<text x="${width - 24}" y="${y(ratePerSecond) - 6}" text-anchor="end" fill="#57606a">what the server can do</text>
${lines.map(({ name, colour, load }, index) => `<path d="${path(load)}" fill="none" stroke="${colour}" stroke-width="1.5"/><path d="M${250 + index * 200} 14h20" stroke="${colour}" stroke-width="3"/><text x="${276 + index * 200}" y="18">${name}</text>`).join('\n')}
</svg>
`
}
