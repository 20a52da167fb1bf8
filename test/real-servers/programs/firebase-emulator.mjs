import { createServer, request } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const { PORT, LIFETIME, MODULES = '' } = process.env
const load = createRequire(join(MODULES, 'node_modules/firebase-tools/package.json'))
const { createApp } = load('./lib/emulator/auth/server.js')

const project = 'demo-latchkey'
const emulator = createServer(await createApp(project))
await new Promise((resolve) => emulator.listen(0, '127.0.0.1', resolve))
const { port } = emulator.address()
const accounts = `http://127.0.0.1:${port}/identitytoolkit.googleapis.com/v1`

const post = async (url, body, headers = {}) => {
  const init = { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers } }
  return (await fetch(url, { ...init, body: JSON.stringify(body) })).json()
}

const password = 'lovelace'
let users = 0
let localId = ''

async function signIn() {
  const email = `ada${++users}@example.com`
  const returnSecureToken = true
  ;({ localId } = await post(`${accounts}/accounts:signUp?key=key`, { email, password, returnSecureToken }))
  return post(`${accounts}/accounts:signInWithPassword?key=key`, { email, password, returnSecureToken })
}

/** An API that takes ID tokens, and not for the hour that they are good for. */
function isSignedIn({ headers }) {
  try {
    const [, payload = ''] = (headers.authorization ?? '').replace('Bearer ', '').split('.')
    const { iat, aud } = JSON.parse(Buffer.from(payload, 'base64url').toString())
    return aud === project && iat + Number(LIFETIME) > Date.now() / 1000
  } catch {
    return false
  }
}

const json = { 'Content-Type': 'application/json' }
createServer(async (incoming, response) => {
  if (incoming.url === '/me') return response.writeHead(isSignedIn(incoming) ? 200 : 401, json).end('{}')
  if (incoming.url === '/test/sign-in') {
    return response.writeHead(200, json).end(JSON.stringify(await signIn()))
  }
  if (incoming.url === '/test/revoke') {
    const disable = { localId, disableUser: true }
    const admin = { Authorization: 'Bearer owner' }
    await post(`${accounts}/projects/${project}/accounts:update`, disable, admin)
    return response.writeHead(200).end()
  }
  const { method, url: path, headers } = incoming
  const onward = request({ host: '127.0.0.1', port, method, path, headers }, (reply) => {
    response.writeHead(reply.statusCode ?? 502, reply.headers)
    reply.pipe(response)
  })
  onward.on('error', () => response.destroy())
  incoming.pipe(onward)
}).listen(Number(PORT), '127.0.0.1')
