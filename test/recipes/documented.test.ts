// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const folder = 'test/recipes/code'
const guides = ['recipes', 'migration', 'state-managers']
  .map((name) => readFileSync(`docs/${name}.md`, 'utf8'))
  .join()

test.each(readdirSync(folder))('a guide shows %s as the tests run it', (file) => {
  const code = readFileSync(`${folder}/${file}`, 'utf8')
    .replaceAll("'../../../src/index.js'", "'latchkey'")
    .replaceAll("'../../../src/fetch.js'", "'latchkey/fetch'")
    .replaceAll("'../../../src/axios.js'", "'latchkey/axios'")
    .replaceAll("'../../../src/vue.js'", "'latchkey/vue'")
    .replaceAll("'../../../src/servers.js'", "'latchkey/servers'")
  expect(guides).toContain(`\`\`\`ts\n${code}\`\`\`\n`)
})
