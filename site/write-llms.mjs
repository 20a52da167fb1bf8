import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { documents } from './documents.mjs'
import { withLinks } from './links.mjs'
import { address, built, root } from './places.mjs'

/** A page as a machine reads it: the Markdown beside the HTML. */
function absolute(target) {
  if (!target.startsWith('/')) return target
  const [path, hash = ''] = target.slice(1).split(/(?=#)/)
  const document = documents.find((candidate) => candidate.path === path || candidate.path === `${path}index`)
  return `${address}${document ? `${document.path}.md` : path}${hash}`
}

/** `llms.txt` with absolute addresses, every page as Markdown, and all English ones in one file. */
export function writeLlms() {
  const index = { file: 'llms.txt', text: readFileSync(`${root}llms.txt`, 'utf8') }
  write('llms.txt', withLinks(index, absolute))
  for (const document of documents) write(`${document.path}.md`, withLinks(document, absolute))
  const all = documents.filter(({ language, path }) => language === 'en' && !path.startsWith('bench/'))
  write('llms-full.txt', [index, ...all].map((document) => withLinks(document, absolute)).join('\n\n'))
}

function write(path, text) {
  mkdirSync(dirname(`${built}${path}`), { recursive: true })
  writeFileSync(`${built}${path}`, text)
}
