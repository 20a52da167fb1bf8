import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isModuleOnly } from './module-only.js'

const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
const entryPoints = readdirSync('src')
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace(/\.ts$/, ''))

test('every file directly in src is an import path, and the other way round', () => {
  const paths = entryPoints.map((name) => (name === 'index' ? '.' : `./${name}`))
  expect(Object.keys(manifest.exports).sort()).toEqual([...paths, './package.json'].sort())
})

test.each(entryPoints)(
  '%s is exported with its own types for import and for require, each in two builds',
  (name) => {
    const module = {
      types: `./dist/${name}.d.ts`,
      development: `./dist/development/${name}.js`,
      default: `./dist/${name}.js`,
    }
    const commonJs = {
      types: `./dist/${name}.d.cts`,
      development: `./dist/development/${name}.cjs`,
      default: `./dist/${name}.cjs`,
    }
    expect(manifest.exports[name === 'index' ? '.' : `./${name}`]).toEqual(
      isModuleOnly(name) ? module : { import: module, require: commonJs },
    )
  },
)

test('the types come before the builds, and the development build before the default, for the first that fits is taken', () => {
  const conditions = JSON.stringify(manifest.exports).match(/"(types|development|default)"/g) ?? []
  expect(conditions.length).toBeGreaterThan(3 * entryPoints.length)
  for (let index = 0; index < conditions.length; index += 3) {
    expect(conditions.slice(index, index + 3)).toEqual(['"types"', '"development"', '"default"'])
  }
})

test('every file that the manifest points to is in the build', () => {
  const { main, module, types, unpkg, jsdelivr, exports } = manifest
  const exported = JSON.stringify(exports).match(/\.\/dist\/[\w./-]+/g) ?? []
  expect(exported.length).toBeGreaterThan(3 * entryPoints.length)
  const missing = [main, module, types, unpkg, jsdelivr, ...exported].filter((file) => !existsSync(file))
  expect(missing).toEqual([])
})
