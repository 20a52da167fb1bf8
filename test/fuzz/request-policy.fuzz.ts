import axios from 'axios'
import { createConfigPolicy, finalUrlOf } from '../../src/axios/request-url.js'
import { checkOrigins, createOriginPolicy } from '../../src/http/origin-policy.js'
import { claim, claimNothingIsPolluted } from './support/claims.js'
import { hostileUrls } from './support/hostile-urls.js'

const allowed = ['https://api.example.com', 'http://localhost:3000']
const pages = [
  ...['https://app.example.com/p/', 'http://app.example.com/p/', 'http://127.0.0.1:8080/', 'about:blank'],
  ...['https://app.example.com/p/?q#f', 'about:srcdoc', 'file:///p/index.html', undefined],
]

/** Page, base URL of the call and URL, a line each; `=` where the client has the same base URL. */
export const seeds: readonly string[] = hostileUrls.flatMap((url, n) => [
  `${n}\n\n${url}`,
  `${n}\nhttps://api.example.com/v1\n${url}`,
  `${n}\n/\n${url}`,
  `${n}=\n${url}\n/me`,
  `${n}\n//\n${url}`,
])

export function fuzz(data: Buffer): void {
  const [line = '', base = '', ...rest] = data.toString().split('\n')
  const page = pages[Number.parseInt(line, 10) % pages.length]
  const url = rest.join('\n')
  // What parsers strip from the end they refuse in the middle, where a path follows.
  const baseURL = base.replace(/[^!-\uffff]+$/, '')
  const allowAbsoluteUrls = !line.endsWith('-')
  const own = line.endsWith('=') ? baseURL : page
  const policy = createOriginPolicy(allowed, () => page)

  for (const base of [undefined, baseURL]) {
    const verdict = policy(url, base)
    const target = parse(url, page)
    if (verdict === 'unsafe')
      claim(!!target?.username || !!target?.password, 'a URL without a user is unsafe')
    if (verdict === 'ours') claimIsAllowed(target, base, page)
    if (target?.username) claim(verdict !== 'ours', 'a URL with a user is ours')
  }

  // A glance at the strings may take less for ours than a parse does (bases that are none), never more.
  const target = { url, baseURL, allowAbsoluteUrls }
  const judge = createConfigPolicy(
    axios.create(own === undefined ? {} : { baseURL: own }),
    policy,
    () => page,
  )
  const parsed = settled(() => policy(finalUrlOf(target), own))
  for (const before of [[], [{ url: '/me', baseURL }], [{ url: '/me', baseURL: '' }]]) {
    for (const other of before) settled(() => judge(other))
    const glanced = settled(() => judge(target))
    const isSame = glanced === parsed || parsed === 'not sent'
    claim(isSame || glanced === 'foreign', `${glanced} at a glance is ${parsed}`)
  }

  try {
    const [origin] = checkOrigins(url, page)
    claim(origin !== undefined && new URL(origin).origin === origin, 'an origin is allowed that is none')
  } catch (error) {
    claim(error instanceof TypeError, `checkOrigins throws ${error}`)
  }
  claimNothingIsPolluted()
}

function claimIsAllowed(target: URL | undefined, own: string | undefined, page: string | undefined): void {
  claim(target !== undefined && target.origin !== 'null', 'no URL is ours')
  const ownOrigin = parse(own ?? '', page)?.origin
  claim([...allowed, ownOrigin].includes(target.origin), `${target.origin} is ours`)
  const isPlain = target.protocol === 'http:'
  claim(isPlain || target.protocol === 'https:', `${target.protocol} is ours`)
  const isLocal =
    ['localhost', '[::1]'].includes(target.hostname) || /^127\.\d+\.\d+\.\d+$/.test(target.hostname)
  const isPages = page === undefined || target.origin === new URL(page).origin
  claim(!isPlain || isLocal || isPages, `${target.origin} is ours over plain http`)
}

function parse(url: string, base: string | undefined): URL | undefined {
  // Not by `URL.canParse`, which in Node 20 refuses good URLs once it is optimised.
  try {
    return new URL(url, base)
  } catch {
    return undefined
  }
}

/** `not sent` where axios refuses the URL by itself. */
function settled(judge: () => string): string {
  try {
    return judge()
  } catch (error) {
    claim(axios.isAxiosError(error), `it throws ${error}`)
    return 'not sent'
  }
}
