import { expect, test } from 'vitest'
import { protocolNames } from '../../demo/backend/protocols/names.js'
import { kits } from '../../demo/page/clients/protocol-kits.js'
import * as forAxios from '../../src/axios.js'
import type { RefreshEndpoint } from '../../src/index.js'
import * as library from '../../src/index.js'
import * as servers from '../../src/servers.js'

const modules: Record<string, Record<string, unknown>> = {
  axios: { default: { create: () => 'an instance' } },
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
    .replaceAll('export const', 'const')
  const run = new Function(...Object.keys(names), 'reply', `return (async () => { ${body} })()`)
  await run(...Object.values(names), 'the reply')
  expect(calls.slice(1)).toEqual([['an instance', session], 'the reply'])
  return calls
}

/** What a plain endpoint object says, with its functions asked. */
function told({ send, ...rest }: RefreshEndpoint): unknown {
  const tokens = { accessToken: 'access', refreshToken: 'refresh' }
  const sent = typeof send === 'function' ? send(tokens) : send
  return JSON.parse(
    JSON.stringify({ ...rest, sent }, (_key, value) =>
      typeof value === 'function' ? String(value(tokens)?.body ?? value) : value,
    ),
  )
}

test.each(protocolNames)(
  'the lines to copy for %s run, and make the endpoint that the page uses',
  async (name) => {
    const { code, endpoint } = kits[name]
    const [refresh] = await runLines(code)
    expect(told(refresh as RefreshEndpoint)).toEqual(told(endpoint('/')))
  },
)
