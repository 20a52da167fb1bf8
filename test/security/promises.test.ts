// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** What no library in a page can give, and none of our texts may seem to promise. */
const empty = [
  /\bXSS[- ](safe|proof|resistant)\b/i,
  /\b(protects?|prevents?|stops?) (you )?(from |against )?(an )?(XSS|token theft)\b/i,
  /\bsecure (local ?storage|storage)\b/i,
  /\bencrypted (storage|at rest)\b/i,
  /\bverif(y|ies) (JWTs?|tokens?|signatures?)\b/i,
  /\b100 ?% secure\b|\bunhackable\b|\bmilitary[- ]grade\b/i,
]

const denial = /\b(no|not|nor|never|nothing|cannot)\b/i

const promisesIn = (text: string): string[] =>
  text
    .replace(/\s+/g, ' ')
    .split(/[.!?|]/)
    .filter((sentence) => !denial.test(sentence) && empty.some((promise) => promise.test(sentence)))

const guides = readdirSync('docs').filter((name) => name.endsWith('.md'))
const documents = ['README.md', 'SECURITY.md', 'package.json', ...guides.map((name) => `docs/${name}`)]

test.each(documents)('%s promises nothing that a script in the page could break', (name) => {
  expect(promisesIn(readFileSync(name, 'utf8'))).toEqual([])
})

test.each([
  'It is XSS-safe.',
  'It prevents token theft.',
  'Tokens are kept in secure localStorage.',
  'It uses encrypted storage.',
  'It decodes and verifies JWTs.',
])('"%s" would be found', (text) => {
  expect(promisesIn(text)).toHaveLength(1)
})

test('SECURITY.md says what cannot be done', () => {
  const text = readFileSync('SECURITY.md', 'utf8').replace(/\s+/g, ' ')
  expect(text).toContain('A script that runs in your page can act as the user, wherever the tokens are kept')
  expect(text).toContain('Prefer a backend-for-frontend')
  expect(text).toContain('does not verify JWTs')
})
