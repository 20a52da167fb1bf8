// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { expect, test } from 'vitest'

interface Import {
  file: string
  /** A file of src, or a package. */
  target: string
  /** Nothing of it is left at run time. */
  isTypeOnly: boolean
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
const read = (file: string): string => readFileSync(join('src', file), 'utf8')
const folderOf = (file: string): string => file.split('/').slice(0, -1).join('/')
const imports = files.flatMap((file) => importsIn(file, read(file)))

function importsIn(file: string, source: string): Import[] {
  const names = /\{[^}]*\}|\*(?:\s+as\s+\w+)?|\w+(?:\s*,\s*\{[^}]*\})?/.source
  const statement = new RegExp(`^(?:import|export)\\s+(type\\s+)?(?:(${names})\\s*from\\s*)?'([^']+)'`, 'gm')
  const lazy = /\b(?:import|require)\(\s*'([^']+)'/g
  return [
    ...[...source.matchAll(statement)].map(([, type, names = '', path = '']) => ({
      file,
      target: resolveFrom(file, path),
      isTypeOnly: type !== undefined || /^\{(\s*type\s[^,}]*,?)+\s*\}\s*$/.test(names),
    })),
    ...[...source.matchAll(lazy)].map(([, path = '']) => ({
      file,
      target: resolveFrom(file, path),
      isTypeOnly: false,
    })),
  ]
}

function resolveFrom(file: string, path: string): string {
  return path.startsWith('.') ? posix.join(posix.dirname(file), path.replace(/\.js$/, '.ts')) : path
}

const linesOf = (list: Import[]): string[] => list.map(({ file, target }) => `${file} imports ${target}`)
const isPackage = (target: string): boolean => !target.endsWith('.ts')
/** The folder directly in src that a file is in; '' for entry points. */
const topOf = (file: string): string => folderOf(file).split('/')[0] ?? ''
const from = (...folders: string[]): Import[] => imports.filter(({ file }) => folders.includes(topOf(file)))

test('every import statement is seen, and whether it is of types alone', () => {
  const source = [
    `import { a } from './a.js'`,
    `import type { B } from './b.js'`,
    `import { type C, type D } from './c.js'`,
    `import { type E, f } from './e.js'`,
    `import {\n  type G,\n  h,\n} from './g.js'`,
    `import './i.js'`,
    `export { j } from '../j.js'`,
    `export type { K } from './k.js'`,
    `export * from 'l'`,
    `const m = await import('m')`,
    `export const n = 'n'`,
  ].join('\n')
  expect(importsIn('core/x.ts', source).map(({ target, isTypeOnly }) => [target, isTypeOnly])).toEqual([
    ['core/a.ts', false],
    ['core/b.ts', true],
    ['core/c.ts', true],
    ['core/e.ts', false],
    ['core/g.ts', false],
    ['core/i.ts', false],
    ['j.ts', false],
    ['core/k.ts', true],
    ['l', false],
    ['m', false],
  ])
})

test('every relative import leads to a file of src', () => {
  expect(imports.length).toBeGreaterThan(files.length)
  expect(linesOf(imports.filter(({ target }) => !isPackage(target) && !files.includes(target)))).toEqual([])
})

/** Imports that lead from `folder` to another folder than these. */
const beyond = (folder: string, ...reach: string[]): Import[] =>
  from(folder).filter(({ target }) => !reach.includes(isPackage(target) ? target : topOf(target)))

test('core imports core, development and jwt-decode, nothing else', () => {
  expect(linesOf(beyond('core', 'core', 'development', 'jwt-decode'))).toEqual([])
})

test('http and browser import core and development, never each other, and no package', () => {
  expect(linesOf(beyond('http', 'http', 'core', 'development'))).toEqual([])
  expect(linesOf(beyond('browser', 'browser', 'core', 'development'))).toEqual([])
})

test('development imports values from core and http alone, and types from anywhere', () => {
  const values = beyond('development', 'development', 'core', 'http').filter(({ isTypeOnly }) => !isTypeOnly)
  expect(from('development')).not.toEqual([])
  expect(linesOf(values)).toEqual([])
})

test.each([
  ['axios', 'axios'],
  ['react', 'react'],
  ['vue', 'vue'],
  ['@angular', 'angular'],
  ['rxjs', 'angular'],
])('%s is imported in %s.ts and in its folder alone', (name, entryPoint) => {
  const users = imports.filter(({ target }) => isPackage(target) && target.split('/')[0] === name)
  const strangers = users.filter(({ file }) => file !== `${entryPoint}.ts` && folderOf(file) !== entryPoint)
  expect(users).not.toEqual([])
  expect(linesOf(strangers)).toEqual([])
})

test('the folder of an entry point is its own, and imports core, http and development', () => {
  const entryPoints = files.filter((file) => folderOf(file) === '').map((file) => file.replace(/\.ts$/, ''))
  const intruders = imports.filter(({ file, target }) => {
    const folder = topOf(target)
    const isShared = folder === 'fetch' && topOf(file) === 'service-worker'
    return entryPoints.includes(folder) && file !== `${folder}.ts` && topOf(file) !== folder && !isShared
  })
  // Options are checked with their types.
  const strangers = intruders.filter(({ file, isTypeOnly }) => !(topOf(file) === 'development' && isTypeOnly))
  const reach = (file: string): string[] => [
    'core',
    'http',
    'development',
    topOf(file),
    // It sends requests as fetch does.
    ...(topOf(file) === 'service-worker' ? ['fetch'] : []),
    // The key of DPoP stays in IndexedDB, as tokens do.
    ...(file.startsWith('servers/dpop/') ? ['browser'] : []),
  ]
  const outward = from(...entryPoints).filter(
    ({ file, target }) => !isPackage(target) && !reach(file).includes(topOf(target)),
  )
  expect(linesOf([...strangers, ...outward])).toEqual([])
})

test('nothing imports an entry point, but for types in development', () => {
  const users = imports.filter(({ target }) => files.includes(target) && folderOf(target) === '')
  const others = users.filter(({ file, isTypeOnly }) => !(topOf(file) === 'development' && isTypeOnly))
  expect(linesOf(others)).toEqual([])
})

test('all timers are made by the clock', () => {
  const makers = files.filter((file) => /\bset(Timeout|Interval|Immediate)\(/.test(read(file)))
  expect(makers).toEqual(['core/clock.ts'])
})

test('the packages are those that the manifest names', () => {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
  const nameOf = (target: string): string => target.split('/', target.startsWith('@') ? 2 : 1).join('/')
  const packages = new Set(
    imports
      .map(({ target }) => target)
      .filter(isPackage)
      .map(nameOf),
  )
  expect([...packages].sort()).toEqual(Object.keys({ ...dependencies, ...peerDependencies }).sort())
})

test('there is no cycle of imports between files, types aside', () => {
  const values = imports.filter(({ isTypeOnly }) => !isTypeOnly)
  const targetsOf = (file: string): string[] =>
    values.filter((one) => one.file === file).map(({ target }) => target)
  expect(cyclesIn(files, targetsOf)).toEqual([])
})

test('a cycle of imports would be found', () => {
  const graph: Record<string, string[]> = { a: ['b', 'd'], b: ['c'], c: ['d', 'b'], d: [] }
  expect(cyclesIn(Object.keys(graph), (file) => graph[file] ?? [])).toEqual(['b > c > b'])
})

/** Depth first; each cycle is listed once, from where it was entered. */
function cyclesIn(all: string[], targetsOf: (file: string) => string[]): string[] {
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (file: string, path: string[]): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' > '))
    if (path.includes(file) || done.has(file)) return
    for (const target of targetsOf(file)) visit(target, [...path, file])
    done.add(file)
  }
  for (const file of all) visit(file, [])
  return cycles
}

const linesOfCode = (text: string): number =>
  text.split('\n').filter((line) => !/^\s*($|\/\/|\/?\*)/.test(line)).length

test('no file of src has more than 250 lines of code', () => {
  const lengths = files.map((file) => ({ file, lines: linesOfCode(read(file)) }))
  expect(lengths.filter(({ lines }) => lines > 250)).toEqual([])
})

/** What may be called while a module is evaluated: it gives a value that never changes. */
const constants = [
  'Symbol.for',
  'Object.freeze',
  'new TextEncoder',
  'new InjectionToken',
  'new HttpContextToken',
  'namesRule',
]

/** What a file does on import that could keep something: variables, objects that can change, calls. */
function stateIn(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '')
  const variables = code.match(/^(?:export )?(?:let|var) \w+/gm) ?? []
  const statics = code.match(/^ +static (?:accessor )?\w+/gm) ?? []
  const calls =
    code.match(/^(?!(?:function|if|import)\b)(?:await |new )?[a-z_$][\w.$]*(?:\(|\?\.\(| [-+*/|&?]*= )/gim) ??
    []
  const made = code.matchAll(
    /^(?:export )?const \w+(?:: [^\n]*?)? =\s+((?:await )?(?:new )?[\w.]+(?=[(<])|\[\]|\{\})/gm,
  )
  const values = [...made].map(([, value = '']) => value).filter((value) => !constants.includes(value))
  return [...variables, ...statics, ...calls, ...values]
}

test('no file keeps state at module level, or does anything on import', () => {
  const found = files.flatMap((file) => stateIn(read(file)).map((what) => `${file}: ${what}`))
  expect(found).toEqual([])
})

test('state at module level would be found', () => {
  const source = [
    'let count = 0',
    'export let last: string | undefined',
    'const known = new Map<string, number>()',
    'const lazy: WeakMap<object, number> = /* @__PURE__ */ new WeakMap()',
    'export const store = createStore()',
    'const made = await load()',
    'const list: string[] = []',
    'const byName: Record<string, string> = {}',
    'class A {\n  static count = 0\n}',
    "globalThis.latchkey = 'here'",
    "addEventListener('online', () => {})",
    'new Worker(url)',
    '// What follows keeps nothing.',
    "const key = /* @__PURE__ */ Symbol.for('a')",
    'const none = /* @__PURE__ */ Object.freeze({})',
    'const noun = (word: string): string => word.slice(1)',
    "const kinds = ['a', 'b']",
    'export function f(): void {\n  let inner = 0\n  inner++\n  f()\n}',
    'const later = async (): Promise<void> => {}',
    'const pattern = /^a(b)$/',
  ].join('\n')
  expect(stateIn(source)).toEqual([
    'let count',
    'export let last',
    '  static count',
    'globalThis.latchkey = ',
    'addEventListener(',
    'new Worker(',
    'new Map',
    'new WeakMap',
    'createStore',
    'await load',
    '[]',
    '{}',
  ])
})

test('the session has three variables at most: what changes is in the phase', () => {
  expect(read('core/session.ts').match(/\blet\s/g)?.length ?? 0).toBeLessThanOrEqual(3)
})

test.each(['react.ts', 'vue.ts', 'angular.ts'])('the binding %s has 40 lines of code at most', (file) => {
  expect(linesOfCode(read(file))).toBeLessThanOrEqual(40)
})

test.each(['react', 'vue', 'angular', 'svelte', 'plain'])(
  'examples/%s has fewer than 150 lines of code',
  (name) => {
    const own = readdirSync(join('examples', name), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(m?js|tsx?|vue|svelte|html)$/.test(file) && !/node_modules|dist/.test(file))
      .map((file) => readFileSync(join('examples', name, file), 'utf8'))
    expect(own.length).toBeGreaterThan(1)
    expect(linesOfCode(own.join('\n'))).toBeLessThan(150)
  },
)
