import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { compile as compileSvelte } from 'svelte/compiler'
import { expect, onTestFinished, test } from 'vitest'

const reference = readFileSync('docs/reference.md', 'utf8')
const guides = readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.md'),
)
/** Whose blocks are those of another document, as another test says. */
const translated = [
  'README.ko.md',
  'docs/ko/reference.md',
  'docs/ko/getting-started.md',
  'docs/ko/migration.md',
]
const documents = [
  'README.md',
  'README.ko.md',
  'AGENTS.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'llms.txt',
  ...guides.map((file) => `docs/${file}`),
]

/** What a block may use although it does not say where it comes from: an earlier block made it, or the reader's app has it. */
const ambient = `
declare const axios: typeof import('axios').default
declare const createSession: typeof import('latchkey').createSession
declare const session: import('latchkey').Session
declare const api: import('axios').AxiosInstance
declare const accessToken: string, refreshToken: string
declare const credentials: { user: string, password: string }
declare const order: { article: number }
declare function keepForLater(order: unknown): void
declare function showSignIn(hint: string): void
declare function showApp(user: string | undefined): void
declare const publicKey: string, tokenUrl: string
declare module '*/session' {
  export const session: import('latchkey').Session
  export const api: import('axios').AxiosInstance
  export function signIn(user: string, password: string): Promise<void>
}
${namesExportedBy('servers.ts')
  .map((name) => `declare const ${name}: typeof import('latchkey/servers').${name}`)
  .join('\n')}
`

/** The values among them: its guide shows each of them without its import. */
function namesExportedBy(entryPoint: string): string[] {
  const lists = [...readFileSync(join('src', entryPoint), 'utf8').matchAll(/^export \{([^}]*)\}/gm)]
  return lists
    .flatMap(([, list = '']) => list.split(',').map((name) => name.trim()))
    .filter((name) => /^\w+$/.test(name))
}

interface Block {
  document: string
  /** Of the fence above the code, counted from 1. */
  line: number
  language: string
  code: string
}

function blocksOf(document: string): Block[] {
  const text = readFileSync(document, 'utf8')
  return [...text.matchAll(/^```(tsx?|svelte)\n([\s\S]*?)^```$/gm)].map(
    ({ index, 1: language = '', 2: code = '' }) => ({
      document,
      line: text.slice(0, index).split('\n').length,
      language,
      code,
    }),
  )
}

/** Compiles each block as a module of its own against src, all in one run; returns what the compiler has to say. */
function compile(blocks: Block[]): string[] {
  const directory = mkdtempSync(join(tmpdir(), 'latchkey-readme-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  symlinkSync(resolve('node_modules'), join(directory, 'node_modules'), 'junction')
  writeFileSync(join(directory, 'ambient.d.ts'), ambient)
  for (const [index, { language, code }] of blocks.entries()) {
    writeFileSync(join(directory, `${index}.${language}`), `${code}\nexport {}\n`)
  }
  const paths = { latchkey: [resolve('src/index.ts')], 'latchkey/*': [resolve('src/*.ts')] }
  const config = {
    extends: resolve('tsconfig.json'),
    compilerOptions: { paths, jsx: 'react-jsx', isolatedDeclarations: false, declaration: false },
    include: ['*.ts', '*.tsx'],
    exclude: [],
  }
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(config))
  const { status, stdout } = spawnSync(
    process.execPath,
    [resolve('node_modules/typescript/bin/tsc'), '-p', directory, '--pretty', 'false'],
    { cwd: directory, encoding: 'utf8' },
  )
  const complaints = stdout.split('\n').filter(Boolean)
  if (status !== 0 && complaints.length === 0) throw new Error(`tsc failed with status ${status}`)
  return complaints.map((complaint) =>
    complaint.replace(/^(\d+)\.tsx?\((\d+),/, (_, index, line) => {
      const block = blocks[Number(index)] as Block
      return `${block.document}(${block.line + Number(line)},`
    }),
  )
}

test('every TypeScript block of the README and the guides compiles against the source', () => {
  const blocks = documents
    .filter((document) => !translated.includes(document))
    .flatMap(blocksOf)
    .filter(({ language }) => language !== 'svelte')
  expect(blocks.filter(({ document }) => document === 'docs/reference.md').length).toBeGreaterThan(5)
  expect(compile(blocks)).toEqual([])
})

test('every Svelte block of the guides compiles without a warning', () => {
  const blocks = documents.flatMap(blocksOf).filter(({ language }) => language === 'svelte')
  expect(blocks).not.toEqual([])
  for (const { code } of blocks) expect(compileSvelte(code, {}).warnings).toEqual([])
})

test('a block with an option that does not exist is reported with its line in the document', () => {
  const [block] = blocksOf('README.md') as [Block]
  const code = block.code.replace('{ refresh:', '{ refesh:')
  expect(code).not.toBe(block.code)
  const line = block.line + 1 + code.slice(0, code.indexOf('{ refesh:')).split('\n').length - 1
  const complaints = compile([{ ...block, code }])
  expect(complaints).toHaveLength(1)
  expect(complaints[0]).toMatch(new RegExp(`^README\\.md\\(${line},\\d+\\): error TS\\d+: .*refesh`))
})

test('a block that uses what nobody has declared does not compile', () => {
  const complaints = compile([{ document: 'README.md', line: 1, language: 'ts', code: 'undeclared()' }])
  expect(complaints).toEqual(["README.md(2,1): error TS2304: Cannot find name 'undeclared'."])
})

/** The first cells of a section's table, without their quotes. */
function namesIn(section: string, document: string = reference): string[] {
  const [, text = ''] = document.split(new RegExp(`\n#{2,3} ${section}\n`))
  const rows = (text.split(/^##/m)[0] as string).split('\n').filter((row) => row.startsWith('| `'))
  return rows.flatMap((row) =>
    [...(row.split('|')[1] as string).matchAll(/`([^`]+)`/g)].map(([, name]) => name as string),
  )
}

const source = (file: string): string => readFileSync(join('src', file), 'utf8')

test('the table of options has every option of createSession, and no other', () => {
  const [, members = ''] = /interface SessionOptions \{([\s\S]*?)\n\}/.exec(source('index.ts')) ?? []
  const options = [...members.matchAll(/^ {2}(\w+)\??:/gm)].map(([, name]) => name)
  expect(options.length).toBeGreaterThan(5)
  expect(namesIn('Options').filter((name) => /^\w+$/.test(name) && name !== 'false')).toEqual(options)
})

test.each(['docs/reference.md', 'docs/troubleshooting.md'])(
  'the errors of %s have every code, and no other',
  (file) => {
    const [, union = ''] = /type AuthErrorCode =([\s\S]*?)\n\n/.exec(source('core/errors.ts')) ?? []
    const codes = [...union.matchAll(/'(\w+)'/g)].map(([, code]) => code)
    expect(codes.length).toBeGreaterThan(5)
    expect(namesIn('Errors', readFileSync(file, 'utf8')).sort()).toEqual(codes.sort())
  },
)

test('every warning code of the source has its line in docs/troubleshooting.md, and no other has', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  )
  const emitted = files.flatMap((file) =>
    [...source(file).matchAll(/(?:\bcode: |\b(?:warning|hint)\()'([A-Z_]+)'/g)].map(([, code]) => code),
  )
  const odd = files
    .filter((file) => file.endsWith('token-hints.ts'))
    .flatMap((file) => [...source(file).matchAll(/^ {2}([A-Z_]+):/gm)].map(([, code]) => code))
  expect(emitted.length).toBeGreaterThan(5)
  expect(odd.length).toBeGreaterThan(2)
  const lines = namesIn('Warnings', readFileSync('docs/troubleshooting.md', 'utf8'))
  expect(lines.sort()).toEqual([...new Set([...emitted, ...odd])].sort())
})

test('the table of warnings names the build that emits each, as the source lists them', () => {
  const [, both = '', development = ''] =
    /Something to look into;([\s\S]*?)In the development build alone:([\s\S]*?)\*\//.exec(
      source('core/events.ts'),
    ) ?? []
  const codesIn = (text: string) => [...text.matchAll(/`([A-Z_]+)`/g)].map(([, code = '']) => code)
  const listed = [
    ...codesIn(both).map((code) => [code, 'both']),
    ...codesIn(development).map((code) => [code, 'development']),
  ]
  expect(listed.length).toBeGreaterThan(8)
  const [, table = ''] = readFileSync('docs/troubleshooting.md', 'utf8').split('\n## Warnings\n')
  const rows = [...table.matchAll(/^\| `(\w+)` \| (\w+) \|/gm)].map(([, code, build]) => [code, build])
  expect(rows.sort()).toEqual(listed.sort())
})

test('the table of endpoint fields has every field of RefreshEndpoint, and no other', () => {
  const [, members = ''] =
    /interface RefreshEndpoint \{([\s\S]*?)\n\}/.exec(source('http/refresh-endpoint.ts')) ?? []
  const fields = [...members.matchAll(/^ {2}(\w+)\??:/gm)].map(([, name]) => name)
  expect(fields.length).toBeGreaterThan(5)
  expect(namesIn('An endpoint of your own').sort()).toEqual(fields.sort())
})

test('the table of protocols has the general ones of latchkey/servers, and they have their sections in docs/servers.md', () => {
  const protocols = namesIn('Name your protocol').filter((name) => /^\w+$/.test(name))
  expect(protocols.length).toBeGreaterThan(4)
  const guide = readFileSync('docs/servers.md', 'utf8')
  const [, general = ''] = guide.split('\n## The general protocols\n')
  const sections = [...(general.split(/^## /m)[0] as string).matchAll(/^### (\w+)$/gm)].map(
    ([, name]) => name,
  )
  expect(protocols.sort()).toEqual(sections.sort())
  expect(namesExportedBy('servers.ts')).toEqual(expect.arrayContaining(protocols))
})

test('the table of docs/servers.md has every function of latchkey/servers, and no other', () => {
  const [table = ''] = readFileSync('docs/servers.md', 'utf8').split(/^## /m)
  const functions = (table.match(/^\| .*$/gm) ?? []).flatMap((row) =>
    [...row.matchAll(/\[`(\w+)`\]\(/g)].map(([, name]) => name),
  )
  expect(functions.sort()).toEqual(namesExportedBy('servers.ts').sort())
})

test('the table of events has every type, and no other', () => {
  const found = [...source('core/events.ts').matchAll(/\btype: '([\w-]+)'/g)].map(([, type]) => type)
  const types = [...new Set(found)]
  expect(types.length).toBeGreaterThan(5)
  expect(namesIn('Events').sort()).toEqual(types.sort())
})

test.each([
  ['axios-auth-refresh', ['AxiosAuthRefreshOptions', 'AxiosAuthRefreshRequestConfig']],
  ['axios-jwt', ['IAuthTokenInterceptorConfig']],
  ['axios-auth-refresh-queue', ['AuthInterceptorConfig']],
])('the guide to migration names all that %s exports, and every option', async (library, interfaces) => {
  const [, section = ''] = readFileSync('docs/migration.md', 'utf8').split(`\n## From ${library}\n`)
  const table = (section.split(/^## /m)[0] as string).replace(/^```[\s\S]*?^```$/gm, '')
  const types = readdirSync(`node_modules/${library}/dist`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.d.ts') && !file.includes('node_modules'))
    .map((file) => readFileSync(`node_modules/${library}/dist/${file}`, 'utf8'))
    .join('\n')
  const options = interfaces.flatMap((name) => {
    const [, members = ''] = new RegExp(`interface ${name}[^{]*\\{([\\s\\S]*?)\\n\\}`).exec(types) ?? []
    return [...members.matchAll(/^ {4}(\w+)\??[:(]/gm)].map(([, option]) => option as string)
  })
  const names = [...Object.keys(await import(library)), ...options].filter(
    (name) => !/default|module/.test(name),
  )
  expect(names.length).toBeGreaterThan(8)
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(table))).toEqual([])
})

/** Every document of the repository, whoever reads it. */
function documentsIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory())
      return /^(node_modules|dist|\.(?!github).*)$/.test(entry.name) ? [] : documentsIn(path)
    return /\.md$|^llms\.txt$/.test(entry.name) ? [path] : []
  })
}

test('every link inside the documents leads to a file, and to a heading that is there', () => {
  const all = documentsIn('.')
  expect(all).toEqual(expect.arrayContaining([...documents, 'bench/fleet.md', 'examples/README.md']))
  const broken = all.flatMap((document) =>
    [...readFileSync(document, 'utf8').matchAll(/\]\((?!https?:)([^)#]*)(#[^)]*)?\)/g)]
      .filter(([, file = '', heading = '']) => {
        const target = file ? join(dirname(document), file) : document
        return !existsSync(target) || (heading && !headingsOf(target).includes(heading))
      })
      .map(([link]) => `${document}: ${link}`),
  )
  expect(broken).toEqual([])
})

/** As code hosts name them: in small letters, punctuation gone, a hyphen for each space. */
function headingsOf(document: string): string[] {
  return [...readFileSync(document, 'utf8').matchAll(/^#+ (.+)$/gm)].map(
    ([, title = '']) =>
      `#${title
        .toLowerCase()
        .replace(/[^\p{L}\p{N}_\- ]/gu, '')
        .replaceAll(' ', '-')}`,
  )
}

test('the documents promise nothing that no library in a browser can keep', () => {
  const promises =
    /XSS[- ](safe|proof)|(prevents|stops) (XSS|token theft)|secure(ly)? stor|encrypted storage|verifies (the )?(JWT|token)/i
  const found = documents.filter((document) =>
    promises.test(readFileSync(document, 'utf8').replace('No library stops XSS', '')),
  )
  expect(found).toEqual([])
})

/** What does not depend on the language, section by section. */
function skeletonOf(document: string) {
  const sections = readFileSync(document, 'utf8').split(/^(?=#+ )/m)
  return sections.map((section) => {
    const text = section.replace(/^```[\s\S]*?^```$/gm, '')
    const rows = text.split('\n').filter((line) => line.startsWith('|'))
    return {
      level: /^#*/.exec(section)?.[0],
      code: section.match(/^```[\s\S]*?^```$/gm),
      bullets: text.match(/^ *- /gm)?.length,
      rows: rows.map((row) => [row.split('|').length, ...namesInCode(row)]),
      names: [...new Set(namesInCode(text))],
      links: [...text.matchAll(/\]\(([^)#]*)/g)].map(([, file = '']) => place(document, file)).sort(),
    }
  })
}

/** What a link leads to, in whatever language. */
function place(document: string, file: string): string {
  if (/^https?:/.test(file)) return file
  const path = file && join(dirname(document), file)
  return path.replace('README.ko.md', 'README.md').replace('docs/ko/', 'docs/')
}

const namesInCode = (text: string): string[] => (text.match(/`[^`]+`/g) ?? []).sort()

test.each([
  ['README.ko.md', 'README.md', 7],
  ['docs/ko/reference.md', 'docs/reference.md', 10],
  ['docs/ko/getting-started.md', 'docs/getting-started.md', 6],
  ['docs/ko/migration.md', 'docs/migration.md', 10],
])(
  '%s has the sections, the code, the lists, the tables, the names and the links of %s',
  (korean, english, least) => {
    const skeleton = skeletonOf(english)
    expect(skeleton.length).toBeGreaterThan(least)
    expect(skeletonOf(korean)).toEqual(skeleton)
  },
)
