// @vitest-environment node
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

interface Output {
  isFrozen: boolean
  /** What happened, by what was polluted. */
  runs: Record<string, string[]>
}

const directory = mkdtempSync(join(tmpdir(), 'latchkey-pollution-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const script = join(directory, 'run.mjs')

beforeAll(async () => {
  const entry = 'test/security/support/polluted-run.ts'
  await build({
    entryPoints: [entry],
    outfile: script,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    ignoreAnnotations: true,
  })
})

function run(...args: string[]): Output {
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  expect(status, stderr).toBe(0)
  return JSON.parse(stdout)
}

describe('C10: a polluted Object.prototype has no effect', () => {
  const names = [
    'refresh store name allowedOrigins refreshTimeoutMs refreshAheadMs isExpired debug',
    'url method send names fields timing parse classify onReply signOut authorize silentStart credentials fetch',
    'clientId,dpop,csrf,apiKey,tokensOnAnyReply,endedCodes,expiredCodes,expiresInMs',
    'accessToken refreshToken expiresIn latchkey attach signal minValidityMs headers body query',
  ].flatMap((line) => line.split(' '))
  let runs: Output['runs'] = {}

  beforeAll(() => {
    runs = run(script, 'polluted').runs
  }, 120_000)

  test('as there is one to compare with', () => {
    expect(runs.clean).toContain('["request","https://api.example.com/v1/open","Bearer a2"]')
    expect(Object.keys(runs)).toHaveLength(1 + 2 * names.length)
  })

  test.each(names.flatMap((name) => [`${name} before`, `${name} after`]))(
    'with %s construction',
    (polluted) => {
      expect(runs[polluted]).toEqual(runs.clean)
    },
  )
})

test('X21: frozen prototypes are no hindrance, from the import of the library on', () => {
  expect(run(script, 'frozen')).toEqual({ ...run(script), isFrozen: true })
})
