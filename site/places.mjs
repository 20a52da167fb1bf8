import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

/** The repository, the pages that are written for VitePress, and what it makes of them. */
export const root = here('../')
export const site = here('./')
export const pages = here('./dist/pages/')
export const built = here('./dist/site/')

const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))

/** `https://github.com/owner/name` where the package names it, for what the site does not have. */
export const repository = (manifest.repository?.url ?? manifest.repository ?? '')
  .replace(/^git\+/, '')
  .replace(/\.git$/, '')

/** Where the site will be: `SITE_ORIGIN=https://example.github.io SITE_BASE=/latchkey/`. */
export const origin = (process.env.SITE_ORIGIN || 'http://localhost:8080').replace(/\/$/, '')
export const base = `/${process.env.SITE_BASE || ''}/`.replace(/\/+/g, '/')
export const address = `${origin}${base}`
