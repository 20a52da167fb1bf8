import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readLink, writeLink } from '../../demo/page/link.js'
import { scenarioNames } from '../../demo/page/scenario-names.js'

const address = 'http://127.0.0.1:4173/'

function linksOf(document: string): string[] {
  const links = readFileSync(document, 'utf8').matchAll(/\]\((http:\/\/127\.0\.0\.1[^)]*)\)/g)
  return [...links].map(([, link = '']) => link)
}

const guides = readdirSync('docs').map((name) => `docs/${name}`)
const documents = ['README.md', 'README.ko.md', 'demo/README.md', ...guides]

test.each(documents)('the links of %s into the demo play a scenario', (document) => {
  for (const link of linksOf(document)) {
    const { origin, pathname, hash } = new URL(link)
    expect(origin + pathname).toBe(address)
    expect(readLink(hash).scenario, link).not.toBeNull()
    expect(writeLink(readLink(hash)), 'nothing in it that the page would not understand').toBe(hash)
  }
})

test('both READMEs and the guides that tell of failures point to the demo, and its own README to every scenario', () => {
  for (const name of ['migration', 'servers', 'tabs', 'time-and-failure']) {
    expect(linksOf(`docs/${name}.md`), name).not.toEqual([])
  }
  expect(linksOf('README.md')).not.toEqual([])
  expect(linksOf('README.ko.md')).toEqual(linksOf('README.md'))
  const played = linksOf('demo/README.md').map((link) => readLink(new URL(link).hash).scenario)
  expect(played).toEqual(expect.arrayContaining([...scenarioNames]))
})
