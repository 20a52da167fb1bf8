// @vitest-environment node
import { expect, test } from 'vitest'
import {
  createBackend,
  createMemoryTable,
  createState,
  type RefreshTokenRow,
} from '../../demo/backend/index.js'
import { protocolNames } from '../../demo/backend/protocols/names.js'

const noCookies = { get: () => null, set: () => {}, remove: () => {} }

test.each(protocolNames)('of the refresh tokens of %s the server keeps hashes alone', async (protocol) => {
  const rows: Record<string, RefreshTokenRow> = {}
  const handed: string[] = []
  const backend = createBackend({
    state: createState(),
    secret: new Uint8Array(32).fill(7),
    tableOf: (side) => createMemoryTable(side === 'latchkey' ? rows : {}),
    sleep: async () => {},
  })
  const reply = await backend.handle(
    `latchkey/${protocol}/auth/login`,
    new Request(`http://127.0.0.1/latchkey/${protocol}/auth/login`, {
      method: 'POST',
      body: JSON.stringify({ username: 'ada', password: 'analytical-engine' }),
    }),
    { ...noCookies, set: (_name, value) => handed.push(value) },
  )
  const all = `${handed} ${JSON.stringify([...reply.headers])} ${await reply.text()}`
  const tokens = all.match(/(?<![\w.-])[\w-]{43}(?![\w.-])/g) ?? []
  expect(tokens).toHaveLength(1)
  expect(Object.values(rows)).toMatchObject([{ username: 'ada', spentAt: null }])
  expect(JSON.stringify(rows)).not.toContain(tokens[0])
})
