import { readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, posix, resolve } from 'node:path'
import { expect, inject, test } from 'vitest'
import { isModuleOnly } from './module-only.js'

const { directory } = inject('packed')
const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
const files = readdirSync(directory, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) =>
    join(entry.parentPath, entry.name)
      .slice(directory.length + 1)
      .replaceAll('\\', '/'),
  )
const read = (file: string): string => readFileSync(join(directory, file), 'utf8')

test('the tarball holds both builds, their maps, the declarations and the documents, and nothing else', () => {
  const entryPoints = readdirSync('src')
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.replace(/\.ts$/, ''))
  const built = entryPoints.flatMap((name) => {
    const scripts = ['js', 'js.map', ...(isModuleOnly(name) ? [] : ['cjs', 'cjs.map'])]
    const declarations = ['d.ts', ...(isModuleOnly(name) ? [] : ['d.cts'])]
    return [
      ...scripts.flatMap((extension) => [
        `dist/${name}.${extension}`,
        `dist/development/${name}.${extension}`,
      ]),
      ...declarations.map((extension) => `dist/${name}.${extension}`),
    ]
  })
  const sharedChunk = /^dist\/(chunks\/[\w-]+\.d\.c?ts|(development\/)?chunks\/[\w-]+\.c?js(\.map)?)$/
  expect(files.filter((file) => !sharedChunk.test(file)).sort()).toEqual(
    [
      'CHANGELOG.md',
      'LICENSE',
      'README.ko.md',
      'README.md',
      'SECURITY.md',
      'llms.txt',
      ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
        .filter((file) => file.includes('.'))
        .map((file) => `docs/${file}`),
      'package.json',
      'dist/latchkey.iife.min.js',
      'dist/latchkey.iife.min.js.map',
      'dist/cli.js',
      'dist/cli.js.map',
      ...built,
    ].sort(),
  )
})

test('every script in the tarball has its map, and every map carries its sources', () => {
  const scripts = files.filter((file) => /\.c?js$/.test(file))
  expect(scripts).not.toEqual([])
  for (const script of scripts) {
    expect(read(script), script).toContain(`//# sourceMappingURL=${posix.basename(script)}.map`)
    const { sources, sourcesContent } = JSON.parse(read(`${script}.map`))
    expect(sourcesContent?.length, script).toBe(sources.length)
    for (const [index, source] of sources.entries()) {
      expect(posix.join(dirname(script), source), script).toMatch(
        /^(src|bin|node_modules\/jwt-decode)\/[\w./-]+$/,
      )
      expect(sourcesContent[index], `${script}: ${source}`).toEqual(expect.any(String))
    }
  }
})

test('no file of the tarball names the machine it was built on', () => {
  const places = [resolve('.'), homedir(), directory].filter((place) => place.length > 1)
  const telling = files.filter((file) => places.some((place) => read(file).includes(place)))
  expect(telling).toEqual([])
})

test('installing the package runs no script', () => {
  const installScripts = ['preinstall', 'install', 'postinstall', 'preprepare', 'prepare', 'postprepare']
  expect(Object.keys(manifest.scripts).filter((name) => installScripts.includes(name))).toEqual([])
})

test('the only package that comes along is jwt-decode, and axios is an optional peer', () => {
  expect(Object.keys(manifest.dependencies)).toEqual(['jwt-decode'])
  expect(manifest.optionalDependencies).toBeUndefined()
  expect(manifest.peerDependencies.axios).toBe('>=1.15.2 <2')
  for (const peer of Object.keys(manifest.peerDependencies)) {
    expect(manifest.peerDependenciesMeta[peer], peer).toEqual({ optional: true })
  }
})

test('the lock file names no registry', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
  const resolved = Object.entries<{ resolved?: string; link?: boolean }>(packages)
    // What lies in this repository is a link to its directory.
    .filter(([, entry]) => entry.resolved && !entry.link)
  expect(resolved).toEqual([])
})

test("React's server components find 'use client' at the very top of latchkey/react, and nowhere else", () => {
  const directive = `'use client'\n`
  const marked = files.filter((file) => /\.c?js$/.test(file) && read(file).startsWith(directive))
  expect(marked.sort()).toEqual([
    'dist/development/react.cjs',
    'dist/development/react.js',
    'dist/react.cjs',
    'dist/react.js',
  ])
})
