import { type Finding, finding } from './finding.js'
import { isSameSite } from './site.js'

export interface Cookie {
  name: string
  value: string
  httpOnly: boolean
  secure: boolean
  sameSite: 'strict' | 'lax' | 'none' | undefined
  path: string | undefined
  domain: string | undefined
  /** A sign-out, or the end of a session. */
  isRemoval: boolean
}

export function parseSetCookie(line: string): Cookie {
  const [pair = '', ...rest] = line.split(';').map((part) => part.trim())
  const at = pair.indexOf('=')
  const attributes = new Map(
    rest.map((part) => {
      const [name = '', ...value] = part.split('=')
      return [name.trim().toLowerCase(), value.join('=').trim()]
    }),
  )
  const sameSite = attributes.get('samesite')?.toLowerCase()
  const expires = attributes.get('expires')
  const value = pair.slice(at + 1).replace(/^"(.*)"$/, '$1')
  const path = attributes.get('path')
  return {
    name: at < 0 ? '' : pair.slice(0, at),
    value,
    httpOnly: attributes.has('httponly'),
    secure: attributes.has('secure'),
    sameSite:
      sameSite === 'strict' || sameSite === 'lax' || sameSite === 'none' ? (sameSite as 'lax') : undefined,
    path: path?.startsWith('/') ? path : undefined,
    domain: attributes.get('domain')?.replace(/^\./, '').toLowerCase() || undefined,
    isRemoval:
      value === '' ||
      Number(attributes.get('max-age') ?? 1) <= 0 ||
      (expires !== undefined && !attributes.has('max-age') && Date.parse(expires) < Date.parse('2000-01-01')),
  }
}

/** Whether it is one that signs a user in, by its name: a CSRF token must be readable, and a language says nothing. */
export const isTokenCookie = ({ name }: Cookie): boolean =>
  /refresh|token|jwt|auth|sess|sid|^rt$|^at$/i.test(name) && !/csrf|xsrf/i.test(name)

/** Whether it may be an access token, which servers set beside the refresh token. */
export const isAccessCookie = (cookie: Cookie): boolean =>
  isTokenCookie(cookie) &&
  !cookie.isRemoval &&
  (/access/i.test(cookie.name) || (/^eyJ/.test(cookie.value) && !/refresh|^rt$/i.test(cookie.name)))

/** The cookie header of the refresh call. */
export function cookieHeader(cookies: Cookie[], url: URL): string {
  const latest = new Map(cookies.map((cookie) => [cookie.name, cookie]))
  return [...latest.values()]
    .filter((cookie) => !cookie.isRemoval && isPathOf(cookie, url))
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ')
}

/** RFC 6265 section 5.1.4. */
const isPathOf = ({ path }: Cookie, { pathname }: URL): boolean =>
  path === undefined ||
  pathname === path ||
  (pathname.startsWith(path) && (path.endsWith('/') || pathname[path.length] === '/'))

export function cookieFindings(cookie: Cookie, url: URL, appOrigin: string): Finding[] {
  const { name, httpOnly, secure, sameSite, path, domain } = cookie
  const flags = `Set-Cookie: ${name}=…; HttpOnly; Secure; SameSite=`
  const sameSiteThere = isSameSite(url, new URL(appOrigin))
  const rightFlags = `${flags}${sameSiteThere ? 'Strict' : 'None'}; Path=${url.pathname}`
  const isHttps = url.protocol === 'https:'
  const found: Finding[] = []
  const add = (code: Parameters<typeof finding>[0], wrong: string, right: string, line?: string): void => {
    found.push(finding(code, `The cookie ${name} ${wrong}`, right, line))
  }

  if (!httpOnly) {
    add(
      'COOKIE_NOT_HTTP_ONLY',
      'has no HttpOnly: every script of the page can read it',
      'Add HttpOnly',
      rightFlags,
    )
  }
  if (sameSite === 'none' && !secure) {
    add(
      'COOKIE_NONE_WITHOUT_SECURE',
      'has SameSite=None without Secure: browsers drop it',
      'Add Secure',
      rightFlags,
    )
  } else if (!secure && isHttps) {
    add('COOKIE_NOT_SECURE', 'has no Secure: browsers send it over plain http too', 'Add Secure', rightFlags)
  }
  const isHost = /^__host-/i.test(name)
  if ((isHost || /^__secure-/i.test(name)) && !(secure && (!isHost || (path === '/' && !domain)))) {
    add(
      'COOKIE_PREFIX',
      'breaks the rule of its name prefix: browsers drop it',
      isHost ? '__Host- needs Secure, Path=/ and no Domain' : '__Secure- needs Secure',
    )
  }
  if (domain !== undefined && url.hostname !== domain && !url.hostname.endsWith(`.${domain}`)) {
    add(
      'COOKIE_DOMAIN',
      `has Domain=${domain}, which ${url.hostname} may not set: browsers drop it`,
      'Leave Domain out',
    )
  }
  // One with the access token has the path of the API.
  if (!/access/i.test(name) && !isPathOf(cookie, url)) {
    add(
      'COOKIE_PATH',
      `has Path=${path}: browsers do not send it to ${url.pathname}`,
      'Set a Path that the refresh URL lies under',
      `${flags}${sameSiteThere ? 'Strict' : 'None'}; Path=${url.pathname}`,
    )
  }
  if (!sameSiteThere && sameSite !== 'none') {
    const has = sameSite
      ? `has SameSite=${sameSite[0]?.toUpperCase()}${sameSite.slice(1)}`
      : 'has no SameSite'
    add(
      'COOKIE_CROSS_SITE',
      `${has}, and ${appOrigin} is another site: browsers do not send it with the refresh`,
      'Serve the API under the site of the app (api.example.com for app.example.com); else SameSite=None; Secure',
      `${flags}None`,
    )
  } else if (!sameSiteThere) {
    add(
      'COOKIE_THIRD_PARTY',
      'is a third-party cookie for the app: Safari and private windows block it',
      'Serve the API under the site of the app (api.example.com for app.example.com)',
    )
  } else if (sameSite === 'none') {
    add(
      'COOKIE_SAME_SITE_NONE',
      'has SameSite=None, although the app is on the same site: other sites can make the browser send it',
      'Use SameSite=Strict',
      `${flags}Strict`,
    )
  }
  return found
}
