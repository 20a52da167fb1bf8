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
    const page = isHome ? homeOf(document.language, text) : `${frontOf(text)}${text}`
    write(
      `${document.path}.md`,
      page.replace(frame, (_, hash, about) => `<DemoFrame hash="${hash}" about="${about}" />`),
    )
    for (const picture of picturesOf(document)) copy(picture)
  }
  copyFileSync(`${root}demo/page/key.svg`, `${pages}public/key.svg`)
}

/** The first paragraph is what a search engine shows. */
function frontOf(text) {
  const prose = text.split(/\n\n+/).find((part) => /^[\p{L}*`[]/u.test(part)) ?? ''
  const plain = prose
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*`]/g, '')
    .replace(/\s+/g, ' ')
  return `---\n${JSON.stringify({ description: plain.slice(0, 200) })}\n---\n\n`
}

function write(path, text) {
  mkdirSync(dirname(`${pages}${path}`), { recursive: true })
  writeFileSync(`${pages}${path}`, text)
}

function copy(picture) {
  mkdirSync(dirname(`${pages}public/${picture}`), { recursive: true })
  copyFileSync(`${root}${picture}`, `${pages}public/${picture}`)
}
