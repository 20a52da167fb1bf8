import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { documents } from './documents.mjs'
import { homeOf } from './home.mjs'
import { picturesOf, withLinks } from './links.mjs'
import { pages, root } from './places.mjs'

/** `<!-- demo: scenario=tabs | What there is to see -->` in a document is a frame with the demo on the site. */
const frame = /^<!-- demo: (\S+) \| (.+) -->$/gm

/** Writes the documents of the repository as pages for VitePress, and copies what they show. */
export function writePages() {
  for (const document of documents) {
    const text = withLinks(document)
    const isHome = /(^|\/)index$/.test(document.path)
    const page = isHome ? homeOf(document.language, text) : `${frontOf(document, text)}${text}`
    write(
      `${document.path}.md`,
      page.replace(frame, (_, hash, about) => `<DemoFrame hash="${hash}" about="${about}" />`),
    )
    for (const picture of picturesOf(document)) copy(picture)
  }
  copyFileSync(`${root}demo/page/key.svg`, `${pages}public/key.svg`)
}

/** The same page in the other language, if there is one. */
function translationOf({ path, language }) {
  const other = language === 'ko' ? path.replace(/^ko\//, '') : `ko/${path}`
  return documents.some((document) => document.path === other) ? `/${other}` : undefined
}

/** The first paragraph is what a search engine shows; `translation` is for the menu of languages. */
function frontOf(document, text) {
  const prose = text.split(/\n\n+/).find((part) => /^[\p{L}*`[]/u.test(part)) ?? ''
  const plain = prose
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*`]/g, '')
    .replace(/\s+/g, ' ')
  const front = { description: plain.slice(0, 200), translation: translationOf(document) }
  return `---\n${JSON.stringify(front)}\n---\n\n`
}

function write(path, text) {
  mkdirSync(dirname(`${pages}${path}`), { recursive: true })
  writeFileSync(`${pages}${path}`, text)
}

function copy(picture) {
  mkdirSync(dirname(`${pages}public/${picture}`), { recursive: true })
  copyFileSync(`${root}${picture}`, `${pages}public/${picture}`)
}
