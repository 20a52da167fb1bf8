import { fieldOf, isObject } from '../../src/core/own-fields.js'
import type { RefreshEndpoint } from '../../src/http/refresh-endpoint.js'
import { aspnetPair } from '../../src/servers/aspnet-pair.js'
import { bearerRefresh } from '../../src/servers/bearer-refresh.js'
import { cognito } from '../../src/servers/cognito.js'
import { cookie } from '../../src/servers/cookie.js'
import { directus } from '../../src/servers/directus.js'
import { createDpopProofs, type DpopProofs } from '../../src/servers/dpop/dpop-proofs.js'
import { fastapiJwtAuth } from '../../src/servers/fastapi-jwt-auth.js'
import { firebase } from '../../src/servers/firebase.js'
import { flaskJwtExtended } from '../../src/servers/flask-jwt-extended.js'
import { ginJwt } from '../../src/servers/gin-jwt.js'
import { ginJwtV3 } from '../../src/servers/gin-jwt-v3.js'
import { headerPair } from '../../src/servers/header-pair.js'
import { jsonPair } from '../../src/servers/json-pair.js'
import { jsonRefresh } from '../../src/servers/json-refresh.js'
import { laravelJwt } from '../../src/servers/laravel-jwt.js'
import { nestBearer } from '../../src/servers/nest-bearer.js'
import { oauth2 } from '../../src/servers/oauth2.js'
import { simpleJwt } from '../../src/servers/simple-jwt.js'
import { springAuthorizationRefresh } from '../../src/servers/spring-authorization-refresh.js'
import { strapi } from '../../src/servers/strapi.js'
import { supabase } from '../../src/servers/supabase.js'
import { xRefreshToken } from '../../src/servers/x-refresh-token.js'
import { isAccessCookie } from './cookies.js'
import { dpopSignIn, dpopToken } from './dpop.js'
import { protocolAt } from './known-addresses.js'
import type { SignIn } from './sign-in.js'

type Options = Record<string, unknown>

const makers = {
  jsonRefresh,
  simpleJwt,
  strapi,
  ginJwtV3,
  directus,
  oauth2,
  jsonPair,
  aspnetPair,
  xRefreshToken,
  cookie,
  laravelJwt,
  ginJwt,
  springAuthorizationRefresh,
  headerPair,
  nestBearer,
  flaskJwtExtended,
  fastapiJwtAuth,
  bearerRefresh,
  supabase,
  firebase,
  cognito,
}

export type ProtocolName = keyof typeof makers

export const protocolNames = Object.keys(makers) as ProtocolName[]

/** One way to call the refresh endpoint, and the code that says so. */
export interface Candidate {
  name: ProtocolName
  /** What to write after `refresh: `. */
  code: string
  endpoint: RefreshEndpoint
  /** Which cookie goes back in which header: its value changes with the cookies. */
  csrf?: { header: string; from: string } | undefined
  /** Proofs of a key that this run makes, for servers that want DPoP. */
  proofs?: DpopProofs | undefined
}

export interface CandidateChoice {
  url: string
  /** Chosen by the user: the only one. */
  protocol?: ProtocolName | undefined
  clientId?: string | undefined
  csrfHeader?: string | undefined
  /** Supabase's public key. */
  apiKey?: string | undefined
  method?: 'GET' | undefined
  signIn?: SignIn | undefined
}

/**
 * In the order in which a wrong guess does least harm: first those that send the refresh token alone, in a body, which no log
 * keeps; those that fill `Authorization` last, because any guard before the endpoint takes that for an access token.
 */
export function candidatesFor(choice: CandidateChoice): Candidate[] {
  const { protocol, clientId, signIn } = choice
  const wanted = protocol ? [protocol] : namesFor(choice)
  return wanted
    .filter((name) => !/^(oauth2|cognito)$/.test(name) || clientId !== undefined)
    .flatMap((name) => optionsOf(name, choice).map((options) => candidateOf(name, options, choice)))
    .filter(({ endpoint }) => !signIn || canSend(endpoint, signIn))
}

/** The way to call a server that wants DPoP; it needs the client's id. */
export function dpopCandidate(choice: CandidateChoice): Candidate | undefined {
  const { clientId } = choice
  return clientId === undefined ? undefined : candidateOf('oauth2', { clientId, dpop: true }, choice)
}

function namesFor({ url, method, signIn, clientId }: CandidateChoice): ProtocolName[] {
  const known = protocolAt(url)
  if (known && (known !== 'cognito' || clientId !== undefined)) return [known]
  if (method === 'GET') return signIn ? ['cookie', 'xRefreshToken', 'ginJwt'] : ['cookie', 'xRefreshToken']
  if (!signIn) {
    return [
      'jsonRefresh',
      'simpleJwt',
      'oauth2',
      'jsonPair',
      'xRefreshToken',
      'cookie',
      'headerPair',
      'bearerRefresh',
    ]
  }
  const { names, tokens, body, cookies } = signIn
  const isNamed = (...pair: string[]): boolean =>
    names.accessToken === pair[0] && (names.refreshToken === undefined || names.refreshToken === pair[1])
  // A cookie named after the refresh says that no token is to be sent by hand.
  const hasCookie = cookies.some((each) => !each.isRemoval)
  if (tokens.refreshToken === undefined) return [...(hasCookie ? (['cookie'] as const) : []), 'laravelJwt']
  if (isDpopSignIn(signIn)) return ['oauth2']
  if (names.accessToken === 'AuthenticationResult.AccessToken') return ['cognito']
  if (isNamed('idToken', 'refreshToken') && fieldOf(body, 'localId') !== undefined) return ['firebase']
  const isOAuth = clientId !== undefined && fieldOf(body, 'token_type') !== undefined
  return [
    ...(isOAuth ? (['oauth2'] as const) : []),
    ...(isNamed('jwt', 'refreshToken') ? (['strapi'] as const) : []),
    ...(isNamed('access', 'refresh') ? (['simpleJwt'] as const) : []),
    ...(isObject(fieldOf(body, 'data')) && names.accessToken === 'data.access_token'
      ? (['directus'] as const)
      : []),
    'jsonRefresh',
    ...(isOAuth || clientId === undefined ? [] : (['oauth2'] as const)),
    'jsonPair',
    'xRefreshToken',
    ...(hasCookie ? (['cookie'] as const) : []),
    'springAuthorizationRefresh',
    'headerPair',
    ...(isNamed('token', 'refreshToken') ? (['nestBearer'] as const) : (['bearerRefresh'] as const)),
  ]
}

const usualNames = /^(data\.)?(accessToken|access_token)$/

/** What has to be said of names, so that the reply is read and the request is understood. */
function optionsOf(
  name: ProtocolName,
  { clientId, csrfHeader, apiKey, signIn, protocol }: CandidateChoice,
): Options[] {
  const { accessToken, refreshToken } = signIn?.names ?? {}
  const unusualAccess =
    accessToken === undefined || usualNames.test(accessToken) ? {} : { accessToken: accessToken }
  const withNames = (names: Options): Options => (Object.keys(names).length > 0 ? { names } : {})
  if (name === 'oauth2') return [{ clientId, ...(signIn && isDpopSignIn(signIn) && { dpop: true }) }]
  if (name === 'cognito') return [{ clientId }, { clientId, rotation: true }]
  if (name === 'supabase') return [apiKey === undefined ? {} : { apiKey }]
  if (name === 'cookie') {
    const csrf = csrfHeader && {
      csrf: {
        header: csrfHeader,
        from: signIn?.cookies.find((each) => /csrf|xsrf/i.test(each.name))?.name ?? 'csrf',
      },
    }
    const isBoth = signIn && accessToken === undefined && signIn.cookies.some(isAccessCookie)
    return [{ ...withNames(unusualAccess), ...(isBoth && { accessToken: 'cookie' }), ...csrf }]
  }
  if (name === 'bearerRefresh') return [withNames(unusualAccess)]
  if (name === 'jsonRefresh' || name === 'jsonPair') {
    const field = refreshToken?.slice(refreshToken.lastIndexOf('.') + 1)
    const isUsual = refreshToken === undefined || /^(data\.)?refreshToken$/.test(refreshToken)
    const own = withNames({ ...unusualAccess, ...(!isUsual && { refreshToken }) })
    const snake = { names: { refreshToken: 'refresh_token' } }
    const camel = withNames(unusualAccess)
    if (!signIn) return name === 'jsonRefresh' && !protocol ? [{}, snake] : [{}]
    // The sign-in tells what the server calls the token, mostly.
    if (isUsual) return name === 'jsonRefresh' && refreshToken === undefined ? [camel, snake] : [own]
    return name === 'jsonRefresh' && field !== 'refreshToken' ? [own, camel] : [own]
  }
  return [{}]
}

/** The code without the URL, which is always the same. */
export const shortCode = ({ code }: Candidate): string =>
  code.replace(/url: '(?:[^'\\]|\\.)*'(, )?/, '').replace(/\(\{ *\}\)/, '')

const isDpopSignIn = (signIn: SignIn): boolean =>
  (dpopSignIn(signIn) ?? dpopToken(signIn.tokens.accessToken)) !== undefined

export function candidateOf(name: ProtocolName, options: Options, choice: CandidateChoice): Candidate {
  const { url, method } = choice
  const { csrf, apiKey, clientId, dpop } = options as {
    csrf?: { header: string; from: string }
    apiKey?: string
    clientId?: string
    dpop?: true
  }
  const make = makers[name] as unknown as (options: Options) => RefreshEndpoint
  const endpoint = make({
    url,
    ...options,
    ...(csrf && { csrf: { ...csrf, from: () => 'made-up' } }),
  })
  // A key is not printed, public as it is.
  const shown = entriesOf({ ...options, ...(apiKey !== undefined && { apiKey: Symbol('publicKey') }) })
  const call = `${name}({ ${[`url: ${quote(url)}`, ...shown].join(', ')} })`
  const isOther = method !== undefined && endpoint.method !== method
  return {
    name,
    code: isOther ? `{ ...${call}, method: '${method}' }` : call,
    endpoint: isOther ? { ...endpoint, method } : endpoint,
    csrf,
    ...(dpop && { proofs: createDpopProofs(String(clientId)) }),
  }
}

const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

const entriesOf = (options: object): string[] =>
  Object.entries(options).map(([name, value]) =>
    isObject(value) ? `${name}: { ${entriesOf(value).join(', ')} }` : `${name}: ${codeOf(value)}`,
  )

/** A symbol stands for a variable of the app. */
const codeOf = (value: unknown): string =>
  typeof value === 'symbol'
    ? String(value.description)
    : typeof value === 'string'
      ? quote(value)
      : String(value)

function canSend({ send }: RefreshEndpoint, { tokens }: SignIn): boolean {
  try {
    return send(tokens) !== null
  } catch {
    return false
  }
}
