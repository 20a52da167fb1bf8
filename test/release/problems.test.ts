// @vitest-environment node
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { problemsOf } from '../../scripts/release/problems.mjs'

const links = { repository: 'a', homepage: 'b', bugs: 'c' }
const good = {
  tag: 'v1.2.0',
  manifest: { version: '1.2.0', ...links },
  changelog: '# Changes\n\n## 1.2.0, 2026-12-01\n\nNew.\n\n## 1.1.9, 2026-11-01\n\nOld.\n',
  last: { version: '1.1.9', types: { 'index.d.ts': 'one' } },
  types: { 'index.d.ts': 'two' },
}

test('a release whose tag, links, changes and version fit together has no problem, nor has the first one', () => {
  expect(problemsOf(good)).toEqual([])
  expect(problemsOf({ ...good, last: undefined })).toEqual([])
})

test.each([
  ['a tag of another version', { tag: 'v1.2.1' }, 'tag v1.2.0'],
  ['no repository', { manifest: { version: '1.2.0', homepage: 'b', bugs: 'c' } }, '"repository"'],
  ['no section of changes', { changelog: '# Changes\n\n## 1.1.9, 2026-11-01\n' }, 'no section "## 1.2.0"'],
  ['a section without a day', { changelog: '# Changes\n\n## 1.2.0\n' }, 'YYYY-MM-DD'],
  [
    'a section that is not the newest',
    { changelog: '## 1.3.0, 2026-12-02\n\n## 1.2.0, 2026-12-01\n' },
    'not the newest',
  ],
  [
    'a section that is not published yet',
    { changelog: '## 1.2.0, 2026-12-01\n\nNot published yet.\n' },
    'not published yet',
  ],
  ['a version that is out', { last: { version: '1.2.0', types: good.types } }, 'released already'],
  ['a version from before', { last: { version: '1.3.0', types: good.types } }, 'older than'],
  [
    'a patch that changes types',
    {
      last: { version: '1.2.1', types: {} },
      tag: 'v1.2.2',
      manifest: { version: '1.2.2', ...links },
      changelog: '## 1.2.2, 2026-12-01\n',
    },
    'index.d.ts',
  ],
  [
    'a patch that drops a file of types',
    {
      last: { version: '1.2.1', types: { ...good.types, 'vue.d.ts': '' } },
      tag: 'v1.2.2',
      manifest: { version: '1.2.2', ...links },
      changelog: '## 1.2.2, 2026-12-01\n',
    },
    'vue.d.ts',
  ],
])('%s is a problem', (_, change, sentence) => {
  const problems = problemsOf({ ...good, ...change })
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(sentence)
})

test('the first release waits for what only the owner can fill in', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
  const changelog = readFileSync('CHANGELOG.md', 'utf8')
  const problems = problemsOf({ tag: 'v0.1.0', manifest, changelog, last: undefined, types: {} })
  const steps = readFileSync('CONTRIBUTING.md', 'utf8').split('\n## A release\n')[1] ?? ''
  for (const field of ['repository', 'homepage', 'bugs']) {
    if (!manifest[field]) expect(steps).toContain(`\`${field}\``)
  }
  expect(problems.filter((problem) => !/CHANGELOG|"(repository|homepage|bugs)"/.test(problem))).toEqual([])
})
