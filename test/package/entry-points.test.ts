import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { expect, test } from 'vitest'

const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
const entryPoints = readdirSync('src')
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace(/\.ts$/, ''))

test('every file directly in src is an import path, and the other way round', () => {
  const paths = entryPoints.map((name) => (name === 'index' ? '.' : `./${name}`))
  expect(Object.keys(manifest.exports).sort()).toEqual([...paths, './package.json'].sort())
})

test.each(entryPoints)('%s is exported with its own types for import and for require', (name) => {
  expect(manifest.exports[name === 'index' ? '.' : `./${name}`]).toEqual({
    import: { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
    require: { types: `./dist/${name}.d.cts`, default: `./dist/${name}.cjs` },
  })
})

test('every file that the manifest points to is in the build', () => {
  const { main, module, types, unpkg, jsdelivr } = manifest
  const missing = [main, module, types, unpkg, jsdelivr].filter((file) => !existsSync(file))
  expect(missing).toEqual([])
})

test('imports point inwards: core to core, http and browser to core, nothing to an entry point', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts'))
  const outward = files.flatMap((file) =>
    relativeImports(file)
      .filter((target) => !mayImport(file).includes(posix.dirname(target)))
      .map((target) => `${file} imports ${target}`),
  )
  expect(outward).toEqual([])
})

/** A folder with the name of an entry point belongs to that entry point alone. */
function mayImport(file: string): string[] {
  const folder = posix.dirname(file)
  if (folder === '.') return ['core', 'http', 'browser', posix.basename(file, '.ts')]
  if (folder === 'core') return ['core']
  if (folder === 'http' || folder === 'browser') return ['core', folder]
  return ['core', 'http', 'browser', folder]
}

function relativeImports(file: string): string[] {
  const source = readFileSync(join('src', file), 'utf8')
  return [...source.matchAll(/\b(?:from|import) '(\.[^']+)'/g)].map(([, path = '']) =>
    posix.join(posix.dirname(file), path),
  )
}
