import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const folder = 'test/recipes/code'

test.each(readdirSync(folder))('the guide shows %s as the tests run it', (file) => {
  const code = readFileSync(`${folder}/${file}`, 'utf8')
    .replaceAll("'../../../src/index.js'", "'latchkey'")
    .replaceAll("'../../../src/fetch.js'", "'latchkey/fetch'")
  expect(readFileSync('docs/recipes.md', 'utf8')).toContain(`\`\`\`ts\n${code}\`\`\`\n`)
})
