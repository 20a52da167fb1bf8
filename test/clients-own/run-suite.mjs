// Runs a prepared suite once, in one mode.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** @typedef {import('./suites.mjs').Suite} Suite */
/** By the name of a test: how it ended. @typedef {Record<string, string>} Outcome */
/** How often the guard did what `harness.mjs` counts. @typedef {Record<import('./harness.mjs').Deed, number>} Counts */

/** By mode, what must have been counted: otherwise the guard was not in between, and the run says nothing. */
export const evidence = /** @type {const} */ ({
  'without tokens': 'without',
  'with a token': 'withToken',
  held: 'held',
  replayed: 'refused',
})
/** @typedef {keyof typeof evidence} Mode */

/** Against hanging alone. */
const longestRunMs = 20 * 60_000

/**
 * @param {Suite} suite
 * @param {string} folder
 * @param {Mode | 'bare'} mode
 * @returns {{ outcome: Outcome, counts: Counts }}
 */
export function runSuite({ command, page }, folder, mode) {
  const files = {
    OUTCOME: join(folder, 'latchkey-outcome.json'),
    COUNTS: join(folder, 'latchkey-counts.txt'),
  }
  for (const each of Object.values(files)) rmSync(each, { force: true })
  const { stdout, stderr, signal, status } = spawnSync(process.execPath, command, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    timeout: longestRunMs,
    env: {
      ...environmentWithoutProxy(),
      ...files,
      ...(page && { PAGE: page }),
      LATCHKEY_MODE: mode,
      TS_NODE_PROJECT: 'tsconfig-cjs.json',
    },
  })
  writeFileSync(`${folder}, ${mode}.log`, stdout + stderr)
  if (signal || !existsSync(files.OUTCOME)) {
    throw new Error(`${folder}, ${mode}: no outcome (${signal ?? status})\n${stderr.slice(-2000)}`)
  }
  const counts = readCounts(files.COUNTS)
  if (mode !== 'bare' && !counts[evidence[mode]]) throw new Error(`${folder}, ${mode}: the guard did nothing`)
  return { outcome: JSON.parse(readFileSync(files.OUTCOME, 'utf8')), counts }
}

/** A proxy of this machine would answer in the place of the suites' own servers. */
function environmentWithoutProxy() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/proxy/i.test(name)))
}

/** @type {(file: string) => Counts} */
function readCounts(file) {
  const counts = { withToken: 0, without: 0, refused: 0, held: 0 }
  if (!existsSync(file)) return counts
  for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
    counts[/** @type {keyof Counts} */ (line)]++
  }
  return counts
}
