import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const { PORT, LIFETIME, MODULES = '' } = process.env
const modules = join(MODULES, 'node_modules')
const load = (path) => import(pathToFileURL(join(modules, '@directus/api/dist', path)).href)

process.chdir(mkdtempSync(join(tmpdir(), 'latchkey-directus-')))
Object.assign(process.env, {
  PUBLIC_URL: `http://127.0.0.1:${PORT}`,
  SECRET: 'a secret of the test, long enough for it',
  DB_CLIENT: 'sqlite3',
  DB_FILENAME: './data.db',
  ADMIN_EMAIL: 'ada@example.com',
  ADMIN_PASSWORD: 'lovelace',
  ACCESS_TOKEN_TTL: `${LIFETIME}s`,
  SERVE_APP: 'false',
  TELEMETRY: 'false',
  LOG_LEVEL: 'error',
})
const cli = join(modules, 'directus/cli.js')
const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'bootstrap'], { encoding: 'utf8' })
if (status !== 0) throw new Error(`${stdout}${stderr}`)

const { default: createApp } = await load('app.js')
const { getDatabase } = await load('database/index.js')
const handle = await createApp()

createServer(async (incoming, response) => {
  if (incoming.url === '/test/revoke') {
    await getDatabase()('directus_sessions').delete()
    response.end()
  } else handle(incoming, response)
}).listen(Number(PORT), '127.0.0.1')
