// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readLink, writeLink } from '../../demo/page/link.js'
import { scenarioNames } from '../../demo/page/scenario-names.js'

const start = readFileSync('demo/server/start.mjs', 'utf8')
const usualPort = /usualPort = (\d+)/.exec(start)?.[1]

function linksOf(document: string, pattern: RegExp): string[] {
  const links = readFileSync(document, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)
  return [...links].map(([, link = '']) => link).filter((link) => pattern.test(link))
}

const guides = readdirSync('docs', { encoding: 'utf8', recursive: true })
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`)
const documents = ['README.md', 'README.ko.md', 'demo/README.md', ...guides]

/** Frames of the site with the demo in them. */
function framesOf(document: string): string[] {
  return [...readFileSync(document, 'utf8').matchAll(/^<!-- demo: (\S+) /gm)].map(([, hash]) => `#${hash}`)
}

test.each(documents)('the links of %s into the demo play a scenario, wherever it is hosted', (document) => {
  for (const link of [...linksOf(document, /#.*\bscenario=/), ...framesOf(document)]) {
    const hash = link.slice(link.indexOf('#'))
    expect(readLink(hash).scenario, link).not.toBeNull()
    expect(writeLink(readLink(hash)), 'nothing in it that the page would not understand').toBe(hash)
  }
})

test('the demo’s own README links to every scenario, at the port that the demo takes', () => {
  const links = linksOf('demo/README.md', /127\.0\.0\.1/)
  for (const link of links) expect(new URL(link).port, link).toBe(usualPort)
  const played = links.map((link) => readLink(new URL(link).hash).scenario)
  expect(played).toEqual(expect.arrayContaining([...scenarioNames]))
})

test('a link that names no opponent leaves it to the page, and one that nobody knows does as well', () => {
  expect(readLink('#scenario=tabs').opponent).toBeNull()
  expect(readLink('#compare=somebody').opponent).toBeNull()
  expect(readLink('#compare=no-queue').opponent).toBe('no-queue')
  expect(readLink('#compare=off').opponent).toBe('off')
})
