import { expect, test, vi } from 'vitest'
import { protocolNames } from '../../demo/backend/protocols/names.js'
import { kits } from '../../demo/page/clients/protocol-kits.js'
import * as forAxios from '../../src/axios.js'
import type { RefreshEndpoint } from '../../src/index.js'
import * as library from '../../src/index.js'
import * as servers from '../../src/servers.js'

const modules: Record<string, Record<string, unknown>> = {
  axios: { default: { create: () => 'an instance', post: async (...given: unknown[]) => given } },
  latchkey: library,
  'latchkey/axios': forAxios,
  'latchkey/servers': servers,
}

/** Runs lines that somebody has copied from the page, with `createSession` and `withSession` looked over. */
async function runLines(code: string): Promise<unknown[]> {
  const calls: unknown[] = []
  const session = { setTokens: async (reply: unknown) => calls.push(reply) }
  const spied: Record<string, unknown> = {
    createSession({ refresh }: { refresh: unknown }) {
      calls.push(refresh)
      return session
    },
    withSession: (...given: unknown[]) => calls.push(given),
  }
  const names: Record<string, unknown> = {}
  const body = code
    .replace(/^import (?:{ (\w+) }|(\w+)) from '(.+)'$/gm, (_line, named, whole, from) => {
      const value = modules[from]?.[named ?? 'default']
      expect(value, `${named ?? whole} of ${from}`).toBeDefined()
      names[named ?? whole] = spied[named] ?? value
      return ''
    })
    .replaceAll('export ', '')
  const run = new Function(...Object.keys(names), `return (async () => { ${body}; await signIn('who') })()`)
  await run(...Object.values(names))
  expect(calls.slice(1)).toEqual([
    ['an instance', session],
    ['/auth/login', 'who'],
  ])
  return calls
}

const tokens = { accessToken: 'access', refreshToken: 'refresh' }

/** What an endpoint is made of, with the requests of a refresh and of a sign-out in place of the functions. */
async function described({ send, signOut, ...rest }: RefreshEndpoint): Promise<unknown> {
  const fetched = vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response())
  await signOut?.(tokens)
  const signedOut = [...fetched.mock.calls]
  fetched.mockRestore()
  expect(signedOut).toHaveLength(1)
  return JSON.parse(
    JSON.stringify({ ...rest, refreshed: send(tokens), signedOut }, (_key, value) =>
      typeof value === 'function' ? String(value) : value,
    ),
  )
}

test.each(protocolNames)(
  'the lines to copy for %s run, and make the endpoint that the page uses',
  async (name) => {
    const { code, endpoint } = kits[name]
    const [refresh] = await runLines(code)
    expect(await described(refresh as RefreshEndpoint)).toEqual(await described(endpoint('/')))
  },
)
