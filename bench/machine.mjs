import { readFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { launch } from './browser.mjs'

const startedWith = loadavg()[0] ?? 0

/** Where it was measured, and with what. */
export async function machine() {
  const browser = await launch()
  await browser.close()
  const versions = [
    'axios',
    'axios-auth-refresh',
    'axios-auth-refresh-queue',
    'axios-jwt',
    'alova',
    '@supabase/auth-js',
    'oidc-client-ts',
    'ky',
  ].map((name) => `${name} ${versionOf(`node_modules/${name}`)}`)
  const [cpu] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${cpu?.model.trim()}, ${cpus().length} cores, ${memory} GiB, with a load of ${startedWith.toFixed(1)} before and
${(loadavg()[0] ?? 0).toFixed(1)} after it: Node ${process.version}, Chromium ${browser.version}, latchkey ${versionOf('.')};
${versions.join(', ')}`
}

/** @param {string} folder */
function versionOf(folder) {
  const manifest = new URL(`../${folder}/package.json`, import.meta.url)
  return JSON.parse(readFileSync(manifest, 'utf8')).version
}
