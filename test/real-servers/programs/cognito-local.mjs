import { createPublicKey } from 'node:crypto'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const { PORT, LIFETIME, MODULES = '' } = process.env
const load = createRequire(join(MODULES, 'node_modules/cognito-local/package.json'))
const { createDefaultServer } = load('./lib/server')
const jwt = load('jsonwebtoken')
const pino = load('pino')
const keyFile = load.resolve('./lib/keys/cognitoLocal.public.json')
const key = createPublicKey({ key: JSON.parse(readFileSync(keyFile, 'utf8')).jwk, format: 'jwk' })

process.chdir(mkdtempSync(join(tmpdir(), 'latchkey-cognito-')))
const { application } = await createDefaultServer(pino({ level: 'silent' }))
const emulator = createServer(application)
await new Promise((resolve) => emulator.listen(0, '127.0.0.1', resolve))
const { port } = emulator.address()

const call = async (operation, fields) => {
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': `AWSCognitoIdentityProviderService.${operation}`,
      Authorization: 'AWS4-HMAC-SHA256 Credential=local/20300101/local/cognito-idp/aws4_request',
    },
    body: JSON.stringify(fields),
  })
  return response.json()
}

const { UserPool } = await call('CreateUserPool', { PoolName: 'users' })
const UserPoolId = UserPool.Id
const { UserPoolClient } = await call('CreateUserPoolClient', {
  UserPoolId,
  ClientName: 'spa',
  ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  AccessTokenValidity: Number(LIFETIME),
  IdTokenValidity: Number(LIFETIME),
  TokenValidityUnits: { AccessToken: 'seconds', IdToken: 'seconds', RefreshToken: 'days' },
})
const { ClientId } = UserPoolClient
/** By default it wants an address for a name. */
const Username = 'ada@example.com'

async function signIn() {
  await call('AdminCreateUser', {
    UserPoolId,
    Username,
    UserAttributes: [{ Name: 'email', Value: Username }],
    DesiredDeliveryMediums: ['EMAIL'],
  })
  await call('AdminSetUserPassword', {
    UserPoolId,
    Username,
    Password: 'Lovelace-1815',
    Permanent: true,
  })
  return call('InitiateAuth', {
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId,
    AuthParameters: { USERNAME: Username, PASSWORD: 'Lovelace-1815' },
  })
}

/** An API that takes the access tokens of the user pool. */
function isSignedIn({ headers }) {
  try {
    jwt.verify((headers.authorization ?? '').replace('Bearer ', ''), key, { algorithms: ['RS256'] })
    return true
  } catch {
    return false
  }
}

const json = { 'Content-Type': 'application/json' }
createServer(async (incoming, response) => {
  if (incoming.url === '/me') return response.writeHead(isSignedIn(incoming) ? 200 : 401, json).end('{}')
  if (incoming.url === '/test/client') return response.writeHead(200, json).end(JSON.stringify({ ClientId }))
  if (incoming.url === '/test/sign-in') {
    return response.writeHead(200, json).end(JSON.stringify(await signIn()))
  }
  if (incoming.url === '/test/revoke') {
    await call('AdminDeleteUser', { UserPoolId, Username })
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
