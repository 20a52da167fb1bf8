// Fuzzes the parsers: `node test/fuzz/run.mjs [seconds for each] [which…]`.
// By Jazzer.js, which is guided by coverage; where that does not run (its binary asks for a recent C library),
// by fast-check, which changes the seeds blindly. Both try the same claims, and both print an input that breaks one.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import fc from 'fast-check'

/** @typedef {{ seeds: readonly string[], fuzz(data: Buffer): void }} Target */

const [secondsEach = '60', ...which] = process.argv.slice(2)
const directory = mkdtempSync(join(tmpdir(), 'latchkey-fuzz-'))

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.fuzz.ts'))
  .map((file) => file.replace('.fuzz.ts', ''))
  .filter((name) => which.length === 0 || which.includes(name))

await build({
  entryPoints: names.map((name) => join(import.meta.dirname, `${name}.fuzz.ts`)),
  outdir: directory,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  logLevel: 'error',
})

const jazzer = process.env.JAZZER ?? 'npm exec --yes --package=@jazzer.js/core@4.0.0 -- jazzer'
const runsHere = spawnSync(`${jazzer} --help`, { shell: true, stdio: 'ignore' }).status === 0
console.log(runsHere ? 'Jazzer.js, guided by coverage' : 'fast-check, for Jazzer.js does not run here')

const broken = []
for (const name of names) {
  console.log(`\n${name}, ${secondsEach} s`)
  /** @type {{ default: Target }} */
  const { default: target } = await import(pathToFileURL(join(directory, `${name}.fuzz.js`)).href)
  if (!(runsHere ? byJazzer(name, target) : byFastCheck(target))) broken.push(name)
}
if (broken.length > 0) {
  console.error(`\nBroken: ${broken.join(', ')}. The inputs are in ${directory}`)
  process.exitCode = 1
} else {
  rmSync(directory, { recursive: true })
}

function byJazzer(/** @type {string} */ name, /** @type {Target} */ { seeds }) {
  const corpus = join(directory, name)
  mkdirSync(corpus)
  seeds.forEach((seed, n) => {
    writeFileSync(join(corpus, `seed-${n}`), seed)
  })
  const file = join(directory, `${name}.fuzz`)
  const options = `-max_total_time=${secondsEach} -timeout=10 -max_len=4096 -print_final_stats=1`
  const command = `${jazzer} ${file} ${corpus} --sync --includes ${directory} -- ${options}`
  return spawnSync(command, { shell: true, cwd: directory, stdio: 'inherit' }).status === 0
}

function byFastCheck(/** @type {Target} */ { seeds, fuzz }) {
  const piece = fc.oneof(
    fc.constantFrom(...seeds),
    fc.string({ unit: 'binary' }),
    fc.nat(255).map((code) => String.fromCharCode(code)),
  )
  const edit = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), removed: fc.nat(8), piece })
  const input = fc.tuple(fc.constantFrom(...seeds), fc.array(edit)).map(([seed, edits]) =>
    edits.reduce((text, { at, removed, piece }) => {
      const start = Math.round(at * text.length)
      return text.slice(0, start) + piece + text.slice(start + removed)
    }, seed),
  )
  const property = fc.property(input, (text) => fuzz(Buffer.from(text)))
  const outcome = fc.check(property, {
    numRuns: 2 ** 31 - 1,
    interruptAfterTimeLimit: Number(secondsEach) * 1000,
    markInterruptAsFailure: false,
  })
  console.log(`${outcome.numRuns} inputs`)
  if (outcome.failed) console.error(outcome.errorInstance, outcome.counterexample)
  return !outcome.failed
}
