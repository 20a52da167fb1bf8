// Whether what is built here may be released, and how it differs from the last release: `node scripts/release/check.mjs v1.2.3`.
// Prints the differences of the public types and of the size as Markdown, for the summary of the workflow.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { changedTypes, problemsOf } from './problems.mjs'

const [tag = ''] = process.argv.slice(2)
const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
const temporary = mkdtempSync(join(tmpdir(), 'release-'))

/** The declarations of a package, by file. @param {string} directory @returns {Record<string, string>} */
const typesIn = (directory) =>
  Object.fromEntries(
    readdirSync(join(directory, 'dist'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.d.ts'))
      .map((file) => [file, readFileSync(join(directory, 'dist', file), 'utf8')]),
  )

/** What most apps import, in bytes after minifying and gzip. @param {string} directory @param {string} client */
async function sizeOf(directory, client) {
  const lines = [
    ['createSession', 'index'],
    ['headerPair', 'servers'],
    ['withSession', client],
  ].map(([name, file]) => `export { ${name} } from './dist/${file}.js'`)
  const { outputFiles } = await build({
    stdin: { contents: lines.join('\n'), resolveDir: directory },
    nodePaths: ['node_modules'],
    external: ['axios'],
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
  })
  return gzipSync(outputFiles[0]?.text ?? '', { level: 9 }).byteLength
}

/** The last release, unpacked; `undefined` before the first. */
function unpackLast() {
  const command = ['pack', `${manifest.name}@latest`, '--loglevel=error', '--pack-destination', temporary]
  const { status, stderr } = spawnSync('npm', command, { encoding: 'utf8' })
  if (status !== 0) {
    if (/\bE?404\b/.test(stderr)) return undefined
    throw new Error(`npm could not get the last release: ${stderr}`)
  }
  const tarball = readdirSync(temporary).find((file) => file.endsWith('.tgz')) ?? ''
  spawnSync('tar', ['-xzf', tarball], { cwd: temporary, stdio: 'inherit' })
  return join(temporary, 'package')
}

try {
  const directory = unpackLast()
  const last = directory && {
    version: JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')).version,
    types: typesIn(directory),
  }
  const types = typesIn('.')

  console.log(`## ${manifest.name} ${manifest.version}\n`)
  console.log(
    `| bytes | ${last ? `${last.version} | ` : ''}${manifest.version} |\n| --- |${last ? ' ---: |' : ''} ---: |`,
  )
  for (const client of ['axios', 'fetch']) {
    const before = directory ? `${await sizeOf(directory, client)} | ` : ''
    console.log(`| with ${client} | ${before}${await sizeOf('.', client)} |`)
  }
  if (directory && last) {
    const changed = changedTypes(last.types, types)
    console.log(changed.length > 0 ? '\n```diff' : '\nThe public types are as they were.')
    for (const file of changed) {
      const [before, now] = [join(directory, 'dist', file), join('dist', file)]
      console.log(spawnSync('git', ['diff', '--no-index', before, now], { encoding: 'utf8' }).stdout)
    }
    if (changed.length > 0) console.log('```')
  } else console.log('\nThere is no release to compare with.')

  const problems = problemsOf({
    tag,
    manifest,
    changelog: readFileSync('CHANGELOG.md', 'utf8'),
    last: last || undefined,
    types,
  })
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
} finally {
  rmSync(temporary, { recursive: true })
}
