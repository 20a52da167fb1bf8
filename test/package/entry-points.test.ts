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

test.each(entryPoints)('%s is exported with its own types for import and for require', (name) => {
  const module = { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` }
  const commonJs = { types: `./dist/${name}.d.cts`, default: `./dist/${name}.cjs` }
  expect(manifest.exports[name === 'index' ? '.' : `./${name}`]).toEqual(
    isModuleOnly(name) ? module : { import: module, require: commonJs },
  )
})

test('every file that the manifest points to is in the build', () => {
  const { main, module, types, unpkg, jsdelivr } = manifest
  const missing = [main, module, types, unpkg, jsdelivr].filter((file) => !existsSync(file))
  expect(missing).toEqual([])
})
