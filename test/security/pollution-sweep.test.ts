// @vitest-environment node
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import axios from 'axios'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

interface Output {
  /** How many names, with each value. */
  tried: number
  clean: { problems: string[]; bareFails: boolean }
  refreshHeaders: string[]
  problems: Record<string, string[]>
  /** What breaks a bare client, too. */
  broken: string[]
}

const directory = mkdtempSync(join(tmpdir(), 'latchkey-sweep-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !/^(angular|vue|react|development)\b/.test(file))
  .map((file) => readFileSync(join('src', file), 'utf8'))

/** The names that a source reads: those it takes objects apart by, those of its types, and those after a dot. */
function namesIn(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*|^(import|export) [\s\S]*? from .*/gm, '')
  const patterns = [...code.matchAll(/\{([^{}]*)\}\s*(?:[=:)]|=>)/g)].flatMap(([, inner = '']) =>
    [...inner.matchAll(/(?:^|,)\s*(\w+)/g)].map(([, name = '']) => name),
  )
  const members = [...code.matchAll(/^\s+(?:readonly )?(\w+)\??:/gm)].map(([, name = '']) => name)
  const reads = [...code.matchAll(/\.(\w+)\b(?!\()/g)].map(([, name = '']) => name)
  return [...patterns, ...members, ...reads]
}

const namesOfClass = ({ prototype }: { prototype: object }): string[] => Object.getOwnPropertyNames(prototype)

const byHand = [
  // What axios reads of its configs beyond its defaults, of replies, and of errors.
  'request response status statusText data headers config code cause message name stack isAxiosError toJSON',
  'url baseURL allowAbsoluteUrls method params paramsSerializer adapter env fetch Request Response transport',
  'auth username password proxy socketPath beforeRedirect decompress maxRedirects responseType responseEncoding',
  'withCredentials withXSRFToken onUploadProgress onDownloadProgress cancelToken signal timeoutErrorMessage',
  'transitional formSerializer visitor serialize encode lookup family insecureHTTPParser common get post put',
  'runWhen synchronous fulfilled rejected defaults interceptors responseURL redirected httpAgent httpsAgent',
  // Requests and replies of `fetch`.
  'body bodyUsed cache credentials destination duplex integrity keepalive mode priority redirect referrer',
  'referrerPolicy window dispatcher type ok text json',
  // Options of the DOM.
  'once passive capture aborted reason ifAvailable steal detail bubbles keyPath autoIncrement unique value done',
  // Replies of the auth server, and the fields of a token.
  'accessToken refreshToken expiresIn expiresAt access_token refresh_token expires_in token_type id_token scope',
  'error error_description errors retryAfter authorization refresh sub exp iat nbf iss aud jti cnf jkt',
  // What a script might hope for.
  'token tokens bearer user userId session id generation receivedAt version isExpired allowedOrigins address own',
].flatMap((line) => line.split(' '))

const names = [
  ...new Set([
    // Next to each other what the platform reads, and so breaks at.
    ...[Request, Response, Headers, AbortSignal, URL].flatMap(namesOfClass),
    ...byHand,
    ...Object.keys(axios.defaults),
    ...Object.keys(axios.defaults.transitional ?? {}),
    ...sources.flatMap(namesIn),
  ]),
].filter(
  (name) => /^[A-Za-z_]\w*$/.test(name) && !/^(const|for|if)$/.test(name) && !(name in Object.prototype),
)

let outputs: Output[] = []

beforeAll(async () => {
  const script = join(directory, 'run.mjs')
  const entry = 'test/security/support/swept-run.ts'
  await build({
    entryPoints: [entry],
    outfile: script,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    ignoreAnnotations: true,
  })
  const half = Math.ceil(names.length / 2)
  const run = async (part: string[]): Promise<Output> => {
    const given = [script, JSON.stringify(part)]
    return JSON.parse((await promisify(execFile)(process.execPath, given, { maxBuffer: 2 ** 26 })).stdout)
  }
  outputs = await Promise.all([run(names.slice(0, half)), run(names.slice(half))])
}, 120_000)

describe('C10: an enumerable field of Object.prototype, whatever its name,', () => {
  test('is tried by the name of all that is read', () => {
    expect(names.length).toBeGreaterThanOrEqual(259)
    expect(names).toEqual(
      expect.arrayContaining(['request', 'baseURL', 'accessToken', 'mayRefresh', 'xsrfCookieName']),
    )
    const tried = outputs.reduce((sum, output) => sum + output.tried, 0)
    expect(tried).toBeGreaterThan(3 * names.length)
  })

  test('has nothing to spoil that is not right without it', () => {
    for (const { clean, refreshHeaders } of outputs) {
      expect(clean).toEqual({ problems: [], bareFails: false })
      expect(refreshHeaders).toContain('refresh')
    }
  })

  test('takes no token elsewhere, plants none, ends no session, and adds no header', () => {
    expect(Object.assign({}, ...outputs.map(({ problems }) => problems))).toEqual({})
  })

  test('breaks few bare clients, with which the guarded ones are compared', () => {
    expect(outputs.flatMap(({ broken }) => broken).length).toBeLessThan(names.length / 5)
  })
})
