import { readFileSync } from 'node:fs'
import { HttpResponse } from 'msw'
import { describe, expect, test } from 'vitest'
import type { RefreshEndpoint } from '../../src/index.js'
import * as servers from '../../src/servers.js'
import { type Call, useBackend } from '../support/backend.js'
import { openSession } from '../support/guarded-api.js'

const backend = useBackend()
const guide = readFileSync('docs/servers.md', 'utf8')
const { accessTokenHeader, tokensAt, tokensInHeaders, ...protocols } = servers
const names = Object.keys(protocols)

interface Sample {
  /** The call as it is shown, made. */
  refresh: RefreshEndpoint
  request: { method: string; path: string; headers: Record<string, string>; body: string }
  replies: Reply[]
}

interface Reply {
  /** As it stands in the guide. */
  line: string
  status: number
  respond(generation: number): Response
}

/** What stands for a token in the guide, by the name of its field. */
const valueFor = (field: string, generation: number): string =>
  /^((access|id)(_?token)?|jwt|token)$/i.test(field)
    ? `access-${generation}`
    : /^refresh(_?token)?$/i.test(field)
      ? `refresh-${generation}`
      : 'anything'

const fill = (text: string, generation: number): string =>
  text
    .replace(/<(expired )?access token>/g, `access-${generation}`)
    .replace(/<refresh token>/g, `refresh-${generation}`)
    .replace(/<public key>/g, 'public-key')
    .replace(/<project>/g, 'project')
    .replace(/"(\w+)":"…"/g, (_, field) => `"${field}":"${valueFor(field, generation)}"`)
    .replace(/\b(\w+)=…/g, (_, field) => `${field}=${valueFor(field, generation)}`)

const header = /^([\w-]+): (.*)$/

function readReply(line: string): Reply {
  const status = Number(line.slice(0, 3))
  const rest = line.slice(3).replace(/ {2,}.*$/, '')
  return {
    line,
    status,
    respond(generation) {
      const filled = fill(rest, generation)
      if (filled.startsWith(' {')) return HttpResponse.json(JSON.parse(filled), { status })
      const headers = filled.startsWith(', ') ? filled.slice(2).split(', ') : []
      return new HttpResponse(filled.startsWith(' without') ? null : filled, {
        status,
        headers: Object.fromEntries(headers.map((each) => each.split(': ') as [string, string])),
      })
    },
  }
}

function sampleOf(name: string): Sample {
  const section = guide.split(/^### /m).find((each) => each.startsWith(`${name}\n`)) ?? ''
  const [, code = '', http = ''] = /```ts\n(.*)\n```\n```http\n([\s\S]*?)\n```/.exec(section) ?? []
  const lines = http.split('\n').filter((line) => line !== '')
  const [first = '', ...rest] = lines.filter((line) => !/^\d{3}/.test(line)).map((line) => fill(line, 1))
  const [method = '', path = ''] = first.split(' ')
  const make = new Function(...names, 'publicKey', `return (${fill(code, 1)}\n)`)
  return {
    refresh: make(...Object.values(protocols), 'public-key'),
    request: {
      method,
      path,
      headers: Object.fromEntries(
        rest.flatMap((line) => {
          const [, field, value = ''] = header.exec(line) ?? []
          return field ? [[field.toLowerCase(), value]] : []
        }),
      ),
      body: rest.filter((line) => !header.test(line)).join(''),
    },
    replies: lines.filter((line) => /^\d{3}/.test(line)).map(readReply),
  }
}

/** Refreshes for a user with `access-1` and `refresh-1`, as the guide shows it. */
async function refreshed({ refresh }: Sample, respond: () => Response) {
  const session = openSession({ refresh: { ...refresh, silentStart: false } })
  await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1' })
  const calls: Call[] = []
  backend.answer = backend.renew = (call) => {
    calls.push(call)
    return respond()
  }
  const outcome = await session.refresh().catch(({ code }) => code)
  return { session, outcome, calls }
}

describe.each(names)('the guide shows %s', (name) => {
  const sample = sampleOf(name)
  const { request, replies } = sample
  const good = replies.filter(({ line }) => line.startsWith('200') && !line.includes('without'))
  const others = replies.filter((reply) => !good.includes(reply))

  test('with the request that it makes', async () => {
    const { calls } = await refreshed(sample, () => (good[0] as Reply).respond(2))
    expect(calls).toHaveLength(1)
    const [call] = calls as [Call]
    const { cookie, ...headers } = request.headers
    expect(Object.fromEntries(call.headers)).toMatchObject(headers)
    const { method, url, text } = call
    expect({ method, path: url.pathname + url.search, body: text }).toEqual({
      method: request.method,
      path: request.path,
      body: request.body,
    })
  })

  test.each(good)('with a reply that brings a token: $line', async ({ respond }) => {
    expect((await refreshed(sample, () => respond(2))).outcome).toBe('access-2')
  })

  test.each(others)('with what it makes of $line', async ({ line, respond }) => {
    const { session, outcome } = await refreshed(sample, () => respond(2))
    if (line.includes('not expired')) expect(outcome).toBe('access-1')
    else expect([outcome, session.state.status]).toEqual(['SESSION_EXPIRED', 'signed-out'])
  })
})
