import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const { PORT, LIFETIME, MODULES = '' } = process.env
const from = createRequire(join(MODULES, 'here.js'))
const load = (name) => import(pathToFileURL(from.resolve(name)).href)
const { betterAuth } = await load('better-auth')
const { memoryAdapter } = await load('better-auth/adapters/memory')
const { jwt } = await load('better-auth/plugins')
const { toNodeHandler } = await load('better-auth/node')
const { createLocalJWKSet, jwtVerify } = await load('jose')

const database = { user: [], session: [], account: [], verification: [], jwks: [] }
const origin = `http://127.0.0.1:${PORT}`
const auth = betterAuth({
  baseURL: origin,
  secret: 'a secret of the test, long enough for it',
  database: memoryAdapter(database),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  trustedOrigins: ['http://127.0.0.1:*'],
  plugins: [jwt({ jwt: { expirationTime: `${LIFETIME}s` } })],
})
await auth.api.signUpEmail({ body: { name: 'Ada', email: 'ada@example.com', password: 'lovelace' } })
const handle = toNodeHandler(auth)

/** An API that wants better-auth's JWT. */
async function isSignedIn({ headers }) {
  const keys = createLocalJWKSet(await auth.api.getJwks())
  try {
    await jwtVerify((headers.authorization ?? '').replace('Bearer ', ''), keys)
    return true
  } catch {
    return false
  }
}

createServer(async (request, response) => {
  if (request.url === '/me') {
    response
      .writeHead((await isSignedIn(request)) ? 200 : 401, { 'Content-Type': 'application/json' })
      .end('{}')
  } else if (request.url === '/test/revoke') {
    database.session.length = 0
    response.end()
  } else if (request.url?.startsWith('/api/auth/')) handle(request, response)
  else response.writeHead(404).end()
}).listen(Number(PORT), '127.0.0.1')
