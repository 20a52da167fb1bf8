// Runs the own test suites of axios and its plugins, bare and through a guarded client, and says which tests differ, and
// why: `node test/clients-own/run.mjs [--suites <folder>] [--mode <mode>] [--keep] [suite…]`. See README.md beside it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { expected } from './expected.mjs'
import { prepare } from './prepare.mjs'
import { evidence, runSuite } from './run-suite.mjs'
import { suites } from './suites.mjs'

/** @typedef {import('./run-suite.mjs').Mode} Mode */
/** @typedef {import('./run-suite.mjs').Outcome} Outcome */
/** @typedef {import('./suites.mjs').Suite} Suite */

/** How often a suite runs again for what differs: some tests measure real time, which a busy machine has little of. */
const mostAgain = 2
/** How many tests that may excuse, lest a suite that breaks off now and then passes. */
const mostUnstable = 8

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    suites: { type: 'string' },
    keep: { type: 'boolean' },
    mode: { type: 'string', multiple: true },
  },
})
const allModes = /** @type {Mode[]} */ (Object.keys(evidence))
const modes = choose(allModes, String, values.mode)
const chosen = choose(suites, ({ name }) => name, positionals)
const directory = mkdtempSync(join(tmpdir(), 'latchkey-clients-own-'))

/** @type {<T>(all: T[], nameOf: (one: T) => string, names: string[] | undefined) => T[]} */
function choose(all, nameOf, names) {
  if (!names?.length) return all
  const unknown = names.filter((name) => !all.some((one) => nameOf(one) === name))
  if (unknown.length > 0) throw new Error(`no ${unknown.join(', ')}: there is ${all.map(nameOf).join(', ')}`)
  return all.filter((one) => names.includes(nameOf(one)))
}

/** @type {(outcome: Outcome, state: string) => string[]} */
const testsThat = (outcome, state) => Object.keys(outcome).filter((test) => outcome[test] === state)

/** @type {(outcome: Outcome) => string} */
const totals = (outcome) =>
  `${testsThat(outcome, 'passed').length} passed, ${testsThat(outcome, 'failed').length} failed`

/** What passes bare and does not here; a test that fails bare says nothing. @type {(bare: Outcome, guarded: Outcome) => string[]} */
const differences = (bare, guarded) => testsThat(bare, 'passed').filter((test) => guarded[test] !== 'passed')

/** Prints how one mode differs, and returns how much of that is not meant. @type {(suite: Suite, folder: string, mode: Mode, bare: Outcome) => number} */
function compare(suite, folder, mode, bare) {
  const meant = expected.filter((each) => each.suites.includes(suite.name) && each.modes.includes(mode))
  /** @type {(test: string) => string | undefined} */
  const reasonFor = (test) => meant.find((each) => each.test.test(test))?.reason
  /** @type {(outcome: Outcome) => string[]} */
  const notMeantIn = (outcome) => differences(bare, outcome).filter((test) => reasonFor(test) === undefined)

  const { outcome, counts } = runSuite(suite, folder, mode)
  const { withToken, without, held, refused } = counts
  console.log(`  ${mode}: ${totals(outcome)}`)
  console.log(
    `    sent ${withToken} times with a token, ${without} without; ${held} held, ${refused} refused`,
  )
  const found = differences(bare, outcome)
  for (const test of found) {
    const reason = reasonFor(test)
    if (reason !== undefined) console.log(`    expected: ${test}: ${reason}`)
  }
  const gone = meant.filter((each) => !found.some((test) => each.test.test(test)))
  for (const each of gone) console.log(`    EXPECTED, BUT DOES NOT DIFFER: ${each.test}`)

  const first = notMeantIn(outcome)
  let always = first
  for (let left = mostAgain; always.length > 0 && left > 0; left--) {
    const again = notMeantIn(runSuite(suite, folder, mode).outcome)
    always = always.filter((test) => again.includes(test))
  }
  const unstable = first.filter((test) => !always.includes(test))
  for (const test of always) console.log(`    UNEXPECTED: ${test}`)
  for (const test of unstable) console.log(`    unstable, passes when run again: ${test}`)
  return gone.length + always.length + (unstable.length > mostUnstable ? unstable.length : 0)
}

let notMeant = 0
for (const suite of chosen) {
  const folder = join(directory, suite.name)
  const version = await prepare(suite, folder, values.suites)
  const bare = runSuite(suite, folder, 'bare').outcome
  console.log(`\n${suite.name} ${version}\n  bare: ${totals(bare)}`)
  if (testsThat(bare, 'passed').length === 0)
    throw new Error(`nothing of ${suite.name} ran: see ${directory}`)
  for (const test of testsThat(bare, 'failed')) console.log(`    fails bare: ${test}`)
  for (const mode of modes) notMeant += compare(suite, folder, mode, bare)
}

if (notMeant > 0) {
  console.error(`\n${notMeant} differences that are not meant. Logs and folders: ${directory}`)
  process.exitCode = 1
} else {
  console.log('\nNo difference that is not meant.')
  if (!values.keep) rmSync(directory, { recursive: true })
}
