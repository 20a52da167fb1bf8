import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const { PORT, LIFETIME, SERVER, MODULES = '' } = process.env
const require = createRequire(join(MODULES, 'here.js'))
const { createStrapi } = require('@strapi/strapi')

// A new app for each run, beneath its modules: there it looks for its plug-ins.
const app = join(MODULES, 'app')
rmSync(app, { recursive: true, force: true })
const write = (name, content) => {
  mkdirSync(join(app, name, '..'), { recursive: true })
  writeFileSync(join(app, name), content)
}
const config = (name, value) => write(`config/${name}.js`, `module.exports = ${JSON.stringify(value)}`)
const secret = 'a secret of the test, long enough for it'
const { dependencies } = require('./package.json')
write('package.json', JSON.stringify({ name: 'app', version: '1.0.0', dependencies }))
write('favicon.png', '')
mkdirSync(join(app, 'public/uploads'), { recursive: true })
mkdirSync(join(app, 'src/api'), { recursive: true })
const jwtSecret = secret
config('server', { host: '127.0.0.1', port: 0, app: { keys: [secret] } })
config('admin', {
  auth: { secret },
  apiToken: { salt: secret },
  transfer: { token: { salt: secret } },
  secrets: { encryptionKey: secret },
  serveAdminPanel: false,
})
config('database', {
  connection: {
    client: 'sqlite',
    connection: { filename: join(app, 'data.db') },
    useNullAsDefault: true,
  },
})
config('logger', { level: 'error' })
config('middlewares', [
  'strapi::errors',
  'strapi::security',
  'strapi::cors',
  'strapi::query',
  'strapi::body',
  'strapi::session',
  'strapi::favicon',
  'strapi::public',
])
config('plugins', {
  'users-permissions': {
    config: {
      jwtManagement: 'refresh',
      jwtSecret,
      sessions: {
        accessTokenLifespan: Number(LIFETIME),
        httpOnly: SERVER === 'strapi-cookie',
        cookie: { secure: false },
      },
      ratelimit: { enabled: false },
    },
  },
})

process.env.NODE_ENV = 'production'
process.env.STRAPI_TELEMETRY_DISABLED = 'true'
const strapi = createStrapi({ appDir: app, distDir: app, autoReload: false })
await strapi.load()
const users = strapi.db.query('plugin::users-permissions.user')
const role = await strapi.db
  .query('plugin::users-permissions.role')
  .findOne({ where: { type: 'authenticated' } })
await strapi.plugin('users-permissions').service('user').add({
  username: 'ada',
  email: 'ada@example.com',
  password: 'lovelace',
  provider: 'local',
  confirmed: true,
  role: role.id,
})
const { id } = await users.findOne({ where: { username: 'ada' } })
await strapi.server.mount()
const handle = strapi.server.app.callback()

createServer(async (incoming, response) => {
  if (incoming.url === '/test/revoke') {
    await strapi.sessionManager('users-permissions').invalidateRefreshToken(String(id))
    response.end()
  } else handle(incoming, response)
}).listen(Number(PORT), '127.0.0.1')
