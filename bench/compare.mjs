import { createRandom } from '../scripts/seeded-random.mjs'
import { median, quantile } from './quantile.mjs'

/**
 * @typedef {() => Promise<unknown>} Call
 * @typedef {{ name: string, lower: number, median: number, upper: number, moreMicros: number }} Row Quartiles of the
 * paired ratios, and the median of the paired differences per call.
 */

/**
 * The CPU time of each contender over that of the baseline. Wall clock is of no use on a busy machine, and CPU time alone
 * drifts with it; a pair of turns run one right after the other drifts together.
 *
 * @param {{ baseline: Call, contenders: Record<string, Call>, rounds: number, callsPerTurn: number, seed: number }} plan
 * @returns {Promise<Row[]>}
 */
export async function compare({ baseline, contenders, rounds, callsPerTurn, seed }) {
  const random = createRandom(seed)
  /** @type {Map<string, { ratios: number[], more: number[] }>} */
  const found = new Map(Object.keys(contenders).map((name) => [name, { ratios: [], more: [] }]))

  const warmUpRounds = 3
  for (let round = -warmUpRounds; round < rounds; round++) {
    for (const [name, call] of shuffle(Object.entries(contenders), random)) {
      const isFirst = random() < 0.5
      const before = isFirst ? await cpuTimeOf(baseline, callsPerTurn) : 0
      const own = await cpuTimeOf(call, callsPerTurn)
      const base = isFirst ? before : await cpuTimeOf(baseline, callsPerTurn)
      if (round < 0) continue
      found.get(name)?.ratios.push(own / base)
      found.get(name)?.more.push((own - base) / callsPerTurn)
    }
  }
  return [...found].map(([name, { ratios, more }]) => ({
    name,
    lower: quantile(ratios, 0.25),
    median: median(ratios),
    upper: quantile(ratios, 0.75),
    moreMicros: median(more),
  }))
}

/** In microseconds. @param {Call} call @param {number} times */
async function cpuTimeOf(call, times) {
  const start = process.cpuUsage()
  for (let done = 0; done < times; done++) await call()
  const { user, system } = process.cpuUsage(start)
  return user + system
}

/** Fisher and Yates. @template T @param {T[]} list @param {() => number} random @returns {T[]} */
function shuffle(list, random) {
  for (let last = list.length - 1; last > 0; last--) {
    const chosen = Math.floor(random() * (last + 1))
    const kept = /** @type {T} */ (list[last])
    list[last] = /** @type {T} */ (list[chosen])
    list[chosen] = kept
  }
  return list
}
