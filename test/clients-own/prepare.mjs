// Makes the folder in which a suite runs: its files, what they import, and the guard.
import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { build } from 'esbuild'
import { standInsFor } from './stand-ins.mjs'

/** @typedef {import('./suites.mjs').Suite} Suite */
/** @typedef {{ version: string, dependencies?: Record<string, string> }} Manifest */

const { resolve: find } = createRequire(import.meta.url)
/** @type {(file: string) => Manifest} */
const read = (file) => JSON.parse(readFileSync(file, 'utf8'))

/**
 * Returns which versions are tested.
 *
 * @param {Suite} suite
 * @param {string} folder
 * @param {string | undefined} given where all suites lie, each in a folder of its name
 */
export async function prepare(suite, folder, given) {
  if (given === undefined) fetchSource(suite.source, folder)
  else copySource(join(resolve(given), suite.source.folder), folder)
  const { version } = read(join(folder, 'package.json'))
  const library = takeLibrary(suite, folder)
  install(suite, folder, library)
  for (const name of suite.files) copyFileSync(join(import.meta.dirname, 'runners', name), join(folder, name))
  await bundleGuard(suite, folder)
  return library ? `${version} with the sources of ${library.version}` : version
}

/** @type {(command: string, args: string[], folder?: string) => void} */
function must(command, args, folder) {
  const { status } = spawnSync(command, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed`)
}

/** @type {(source: Suite['source'], folder: string) => void} */
function fetchSource({ repository, commit }, folder) {
  must('git', ['init', '-q', folder])
  must('git', ['fetch', '-q', '--depth=1', `https://github.com/${repository}.git`, commit], folder)
  must('git', ['checkout', '-q', commit], folder)
}

/** @type {(from: string, folder: string) => void} */
function copySource(from, folder) {
  if (!existsSync(join(from, 'package.json'))) throw new Error(`${from} has no package.json`)
  cpSync(from, folder, { recursive: true, filter: (file) => !/[\\/](node_modules|\.git)$/.test(file) })
}

/** Puts the package that is installed here in the place of the suite's own. @type {(suite: Suite, folder: string) => Manifest | undefined} */
function takeLibrary({ library }, folder) {
  if (library === undefined) return undefined
  const from = dirname(find(`${library}/package.json`))
  for (const name of ['lib', 'index.js']) {
    rmSync(join(folder, name), { recursive: true })
    cpSync(join(from, name), join(folder, name), { recursive: true })
  }
  return read(join(from, 'package.json'))
}

/** What it depends on, and of what it is developed with that which its tests import. @type {(suite: Suite, folder: string, library: Manifest | undefined) => void} */
function install({ needs, peers }, folder, library) {
  const file = join(folder, 'package.json')
  const { scripts, devDependencies, ...rest } = JSON.parse(readFileSync(file, 'utf8'))
  const dependencies = {
    ...rest.dependencies,
    ...Object.fromEntries(needs.map((name) => [name, devDependencies[name]])),
    ...Object.fromEntries(peers.map((name) => [name, read(find(`${name}/package.json`)).version])),
    ...library?.dependencies,
  }
  writeFileSync(file, JSON.stringify({ ...rest, dependencies }))
  // It is that of all devDependencies.
  rmSync(join(folder, 'package-lock.json'), { force: true })
  must('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], folder)
}

/** @type {(suite: Suite, folder: string) => Promise<void>} */
async function bundleGuard({ axios, format }, folder) {
  await build({
    entryPoints: [join(import.meta.dirname, 'guard.mjs')],
    outfile: join(folder, `latchkey-guard.${format}`),
    bundle: true,
    format: format === 'mjs' ? 'esm' : 'cjs',
    platform: 'node',
    logLevel: 'error',
    plugins: [standInsFor(axios)],
  })
}
