import { createRandom } from '../scripts/seeded-random.mjs'

/**
 * A fleet of clients that all want a token, and an auth server that is down and then serves so many calls a second.
 *
 * Time goes by in steps of 100 ms. Every client wants its token all the time, so it calls as soon as its policy lets it.
 *
 * @typedef {{ isUnknown?: boolean, retryAfterMs?: number, isTimeout?: boolean }} Failure What a call came to.
 * @typedef {(failure: Failure) => number} Client The instant of the next call, after one that failed just now.
 * @typedef {{ now(): number }} Clock
 * @typedef {(clock: Clock, random: () => number) => Client} Policy
 * @typedef {'refuses' | 'lets wait'} Excess What the server does with calls above its rate.
 */

/** How long the library's flight waits for an answer: twice `refreshTimeoutMs`. */
export const givesUpAfterMs = 20_000
const stepMs = 100
const refreshTimeoutMs = 10_000

/**
 * The library: its own retry policy, used as in src/core/refresh-coordinator.ts. `test/bench/fleet-model.test.ts` holds the two
 * together.
 *
 * @param {typeof import('../src/core/retry-policy.js')} policy
 * @param {boolean} [isWanted] whether the tab is visible and its user makes requests
 * @returns {Policy}
 */
export function latchkeyPolicy({ afterFailure, nextStep, noBackoff, notBefore, noTries }, isWanted = false) {
  const error = /** @type {import('../src/core/errors.js').AuthError} */ (
    Object.assign(new Error('no luck'), { retryable: true })
  )
  return (clock, random) => {
    let backoff = noBackoff
    let tries = noTries
    return ({ isUnknown = false, retryAfterMs = 0, isTimeout = false }) => {
      const now = clock.now()
      let retryInMs = 0
      if (isTimeout) {
        backoff = afterFailure(backoff, error, 0, now, random())
        tries = noTries
      } else {
        const outcome = { kind: /** @type {const} */ ('retry'), error, isUnknown, retryAfterMs }
        const step = nextStep(outcome, tries, backoff, now, random(), refreshTimeoutMs)
        backoff = step.backoff
        tries = 'error' in step ? noTries : step.tries
        if (!('error' in step)) retryInMs = step.retryInMs
      }
      return Math.max(now + retryInMs, notBefore(backoff, now, isWanted))
    }
  }
}

/** @type {Policy} */
export const everySecond = (clock) => () => clock.now() + 1000

/** An app that makes a request every five seconds or so, each of which calls for a token. @type {Policy} */
export const onEachRequest = (clock, random) => () => clock.now() - 5000 * Math.log(1 - random())

/**
 * @param {object} setting
 * @param {Policy} setting.policy
 * @param {Policy} [setting.visiblePolicy] of the tabs that are visible
 * @param {number} setting.clients
 * @param {number} [setting.visible] how many of them are visible
 * @param {number} setting.ratePerSecond what the server serves once it is back
 * @param {number} setting.downMs
 * @param {number} setting.startOverMs the clients begin to want a token one after the other, within so long
 * @param {Excess} setting.excess
 * @param {number} [setting.retryAfterMs] what the server says with each refusal, while it is down and after
 * @param {number} [setting.warmUpMs] how much of the time that the server is down is played; default: all of it
 * @param {number} [setting.endMs] when to stop looking
 * @returns {{ load: number[], wellAfterMs: number, peak: number, visibleWaitsMs: number[] }} calls in each second from the
 *   server's return on; how long until 99 % have a token (`Infinity`: not before the end); the most calls in a second; how
 *   long after the return each visible tab has its token, in order (`Infinity`: not before the end of it all)
 */
export function simulate({
  policy,
  visiblePolicy = policy,
  clients,
  visible = 0,
  ratePerSecond,
  downMs,
  startOverMs,
  excess,
  retryAfterMs = 0,
  warmUpMs = downMs,
  endMs = 3_600_000,
}) {
  const random = createRandom(1)
  let step = 0
  const clock = { now: () => step * stepMs }
  const back = warmUpMs / stepMs
  const steps = back + endMs / stepMs

  /** Who calls in which step: the first of each step, and who comes after whom. */
  const first = new Int32Array(steps + 1).fill(-1)
  const following = new Int32Array(clients)
  /** @param {number} client @param {number} at */
  const schedule = (client, at) => {
    const due = Math.min(steps, Math.max(step + 1, Math.ceil(at / stepMs)))
    following[client] = first[due] ?? -1
    first[due] = client
  }

  /** @type {Client[]} */
  const fleet = []
  step = -1
  for (let client = 0; client < clients; client++) {
    fleet.push((client < visible ? visiblePolicy : policy)(clock, random))
    schedule(client, random() * Math.min(startOverMs, warmUpMs))
  }

  /** @type {{ client: number, at: number }[]} */
  let queue = []
  let served = 0
  let gone = 0
  let budget = 0
  let well = 0
  let wellAfterMs = Infinity
  /** @type {number[]} */
  const load = []
  const visibleWaitsMs = new Array(visible).fill(Infinity)
  /** @param {number} client */
  const serve = (client) => {
    well++
    if (client < visible) visibleWaitsMs[client] = (step + 1 - back) * stepMs
  }

  for (step = 0; step < steps; step++) {
    const now = clock.now()
    /** @type {number[]} */
    const calls = []
    for (let client = first[step] ?? -1; client >= 0; client = following[client] ?? -1) calls.push(client)
    if (step < back) {
      for (const client of calls) schedule(client, fleet[client]?.({ retryAfterMs }) ?? 0)
      continue
    }
    const second = Math.floor(((step - back) * stepMs) / 1000)
    load[second] = (load[second] ?? 0) + calls.length
    // A server has places for what comes in a second; it does not save up more.
    budget = Math.min(budget + (ratePerSecond * stepMs) / 1000, ratePerSecond)
    if (excess === 'lets wait') {
      for (const client of calls) queue.push({ client, at: now })
      for (; budget >= 1 && served < queue.length; served++) {
        budget--
        // It does not notice that somebody has gone, and has worked for nothing.
        if (served >= gone) serve(/** @type {{ client: number }} */ (queue[served]).client)
      }
      gone = Math.max(gone, served)
      for (; gone < queue.length; gone++) {
        const { client, at } = /** @type {{ client: number, at: number }} */ (queue[gone])
        if (now - at < givesUpAfterMs) break
        schedule(client, fleet[client]?.({ isTimeout: true }) ?? 0)
      }
      if (served > 1_000_000) {
        queue = queue.slice(served)
        gone -= served
        served = 0
      }
    } else {
      for (let last = calls.length - 1; last > 0; last--) {
        const chosen = Math.floor(random() * (last + 1))
        const kept = /** @type {number} */ (calls[last])
        calls[last] = /** @type {number} */ (calls[chosen])
        calls[chosen] = kept
      }
      for (const client of calls) {
        if (budget >= 1) {
          budget--
          serve(client)
        } else {
          schedule(client, fleet[client]?.({ retryAfterMs }) ?? 0)
        }
      }
    }
    if (well >= 0.99 * clients) {
      wellAfterMs = (step + 1 - back) * stepMs
      break
    }
  }
  visibleWaitsMs.sort((one, other) => one - other)
  return { load, wellAfterMs, peak: Math.max(...load), visibleWaitsMs }
}
