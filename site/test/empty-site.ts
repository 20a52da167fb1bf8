import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { site } from '../places.mjs'

const folder = `${site}dist/empty/`

/** Builds a site by VitePress as it comes, with one page and nothing on it; returns where it is. */
export function buildEmptySite(): string {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(`${folder}.vitepress`, { recursive: true })
  writeFileSync(`${folder}index.md`, '# Empty\n')
  writeFileSync(`${folder}.vitepress/config.mjs`, 'export default { outDir: "built" }\n')
  const manifest = createRequire(import.meta.url).resolve('vitepress/package.json')
  execFileSync(process.execPath, [`${dirname(manifest)}/bin/vitepress.js`, 'build', folder], {
    stdio: 'pipe',
  })
  return `${folder}built/`
}
