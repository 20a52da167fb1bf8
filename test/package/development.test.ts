import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { transform } from 'esbuild'
import { parseAst } from 'rollup/parseAst'
import { expect, inject, test } from 'vitest'

const dist = join(inject('packed').directory, 'dist')

/** The scripts of one build, its chunks included; without `latchkey/testing`, which checks its options in both, and the
 * command, which speaks in sentences. */
function scriptsOf(build: 'production' | 'development', extension: string): string[] {
  const folder = build === 'production' ? dist : join(dist, 'development')
  return [folder, join(folder, 'chunks')].flatMap((place) =>
    readdirSync(place)
      .filter((file) => file.endsWith(extension) && !/^(testing|cli)\./.test(file))
      .map((file) => join(place, file)),
  )
}

/** All strings of a script but the paths of its imports, and what stands between the values of its templates. */
async function stringsOf(source: string): Promise<string[]> {
  const { code } = await transform(source, { loader: 'ts' })
  const found: string[] = []
  JSON.stringify(parseAst(code), (key, node) => {
    if (key === 'source' && node?.type === 'Literal') return undefined
    if (node?.type === 'Literal' && typeof node.value === 'string') found.push(node.value)
    if (node?.type === 'TemplateElement') found.push(node.value.cooked)
    return typeof node === 'bigint' ? String(node) : node
  })
  return found
}

async function stringsIn(files: string[]): Promise<string[]> {
  return (await Promise.all(files.map((file) => stringsOf(readFileSync(file, 'utf8'))))).flat()
}

/** What `src/development` has to say: nothing shorter is a sentence. */
const sentences = await stringsIn(
  readdirSync('src/development', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => join('src/development', file)),
).then((strings) => [...new Set(strings.filter((text) => text.trim().length > 30))])

test('src/development has sentences to look for', () => {
  expect(sentences).not.toEqual([])
})

test('every string is found, whichever way it is written, and no path of an import', async () => {
  const script = [
    `import { a } from './a.js'`,
    'export * from "./b.js"',
    `export const c: Record<string, unknown> = { key: 'one', other: ["it\\'s \\u2026"], big: 1n }`,
    `export const d = (e: string) => \`\${a} of \${e}; \\\`no\\\`\` // no string`,
  ].join('\n')
  expect((await stringsOf(script)).filter(Boolean).sort()).toEqual([' of ', '; `no`', "it's …", 'one'])
})

test.each(['.js', '.cjs'])(
  'no sentence of src/development is in the production build (%s)',
  async (extension) => {
    const strings = await stringsIn(scriptsOf('production', extension))
    expect(strings.length).toBeGreaterThan(100)
    expect(sentences.filter((sentence) => strings.some((text) => text.includes(sentence)))).toEqual([])
  },
)

test.each(['.js', '.cjs'])(
  'every sentence of src/development is in the development build (%s)',
  async (extension) => {
    const strings = await stringsIn(scriptsOf('development', extension))
    expect(sentences.filter((sentence) => !strings.some((text) => text.includes(sentence)))).toEqual([])
  },
)

test('the production build is made of no file of src/development, by its maps', () => {
  const sourcesOf = (build: 'production' | 'development'): string[] =>
    ['.js.map', '.cjs.map']
      .flatMap((extension) => scriptsOf(build, extension))
      .flatMap((map) => JSON.parse(readFileSync(map, 'utf8')).sources)
  const isOfDevelopment = (source: string): boolean => source.includes('src/development/')
  expect(sourcesOf('production').length).toBeGreaterThan(20)
  expect(sourcesOf('production').filter(isOfDevelopment)).toEqual([])
  expect(sourcesOf('development').filter(isOfDevelopment)).not.toEqual([])
})
