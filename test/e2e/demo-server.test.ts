import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Demo, startDemo } from '../../demo/server/start.mjs'
import type { VisitorCounters } from './support/demo-bench.js'

let demo: Demo
/** Each test is a visitor of its own. */
let cookie: string

beforeAll(async () => {
  demo = await startDemo({ port: 0 })
})

afterAll(() => demo?.close())

beforeEach(async () => {
  const reply = await fetch(new URL('demo/settings', demo.url))
  cookie = reply.headers.get('set-cookie')?.split(';')[0] ?? ''
  await settings({ refreshLatencyMs: 0 })
})

const send = (
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: string,
): Promise<Response> =>
  fetch(new URL(path, demo.url), {
    method,
    headers: { cookie, ...headers },
    ...(body === undefined ? undefined : { body }),
  })

const settings = (wish: Record<string, unknown>): Promise<Response> =>
  send('PUT', 'demo/settings', {}, JSON.stringify(wish))

async function signIn(username = 'ada', password = 'analytical-engine'): Promise<Tokens> {
  const credentials = JSON.stringify({ username, password })
  return (await send('POST', 'latchkey/headers/auth/login', {}, credentials)).json()
}

const refresh = ({ accessToken, refreshToken }: Tokens): Promise<Response> =>
  send('POST', 'latchkey/headers/auth/refresh', {
    authorization: `Bearer ${accessToken}`,
    refresh: refreshToken,
  })

const expire = ({ accessToken }: Tokens): Promise<Response> =>
  send('POST', 'latchkey/headers/auth/expire', { authorization: `Bearer ${accessToken}` })

const counters = async (): Promise<VisitorCounters> =>
  (await (await send('GET', 'demo/counters', {})).json()).latchkey

interface Tokens {
  accessToken: string
  refreshToken: string
}

describe('the demo server', () => {
  test('an access token that has not expired is not refreshed, and its refresh token is not spent', async () => {
    const tokens = await signIn()
    const early = await refresh(tokens)
    expect(early.status).toBe(400)
    expect(await early.json()).toEqual({ message: 'Access token is not expired' })
    await expire(tokens)
    expect((await refresh(tokens)).status).toBe(200)
  })

  test('a refresh token that comes a second time ends every token of its sign-in', async () => {
    const first = await signIn()
    await expire(first)
    const second: Tokens = await (await refresh(first)).json()
    expect((await refresh(first)).status).toBe(401)
    await expire(second)
    expect((await refresh(second)).status).toBe(401)
    expect(await counters()).toMatchObject({
      refreshes: 1,
      refreshesRefused: 2,
      reuseDetected: 1,
      sessions: 0,
    })
  })

  test('of ten refreshes with one token at the same moment one is granted', async () => {
    const tokens = await signIn()
    await expire(tokens)
    const replies = await Promise.all(Array.from({ length: 10 }, () => refresh(tokens)))
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(await counters()).toMatchObject({ refreshes: 1, refreshesRefused: 9, sessions: 0 })
  })

  test('with grace, a refresh token that was spent a moment ago is taken once more', async () => {
    await settings({ rotation: 'grace' })
    const tokens = await signIn()
    await expire(tokens)
    expect((await refresh(tokens)).status).toBe(200)
    expect((await refresh(tokens)).status).toBe(200)
    expect(await counters()).toMatchObject({ refreshes: 2, reuseDetected: 0, sessions: 1 })
  })

  test("one user's refresh token does nothing for another user's access token", async () => {
    const [ada, grace] = [await signIn(), await signIn('grace', 'nanosecond')]
    await expire(ada)
    expect((await refresh({ ...ada, refreshToken: grace.refreshToken })).status).toBe(401)
    expect(await counters()).toMatchObject({ refreshesRefused: 1, sessions: 2 })
  })

  test('two visitors share nothing', async () => {
    const { refreshToken, accessToken } = await signIn()
    await expire({ refreshToken, accessToken })
    cookie = ''
    expect((await refresh({ refreshToken, accessToken })).status).toBe(400)
    expect(await counters()).toMatchObject({ refreshes: 0, sessions: 0 })
  })

  test.each([
    [{ accessTokenLifetimeMs: -1 }, 'accessTokenLifetimeMs takes multiples of 1000 from 4000 to 60000'],
    [{ refreshLatencyMs: 'soon' }, 'refreshLatencyMs takes whole numbers from 0 to 5000'],
    [{ rotation: 'sometimes' }, 'rotation takes strict or grace or none'],
    [{ colour: 'red' }, 'There is no setting “colour”'],
  ])('%o is refused in words, and changes nothing', async (wish, message) => {
    const before = await (await send('GET', 'demo/settings', {})).json()
    const reply = await settings(wish)
    expect(reply.status).toBe(400)
    expect(await reply.json()).toEqual({ message })
    expect(await (await send('GET', 'demo/settings', {})).json()).toEqual(before)
  })

  test('bodies that are too long, and names that are not this machine’s, are refused', async () => {
    expect((await send('PUT', 'demo/settings', {}, 'x'.repeat(5_000))).status).toBe(413)
    const asked = request(new URL('demo/settings', demo.url), { headers: { host: 'evil.example' } }).end()
    const [reply] = await once(asked, 'response')
    expect(reply.statusCode).toBe(421)
    reply.resume()
  })

  test('a side that begins anew has no other sign-in, and the other sides keep theirs', async () => {
    const tokens = await signIn()
    await expire(tokens)
    expect((await send('POST', 'demo/forget/queue', {})).status).toBe(204)
    expect(await counters()).toMatchObject({ sessions: 1 })
    expect((await send('POST', 'demo/forget/latchkey', {})).status).toBe(204)
    expect(await counters()).toMatchObject({ sessions: 0, sessionsLost: 0 })
    expect((await refresh(tokens)).status).toBe(401)
    for (const name of ['nobody', '']) {
      expect((await send('POST', `demo/forget/${name}`, {})).status, name).toBe(404)
    }
  })

  test('it listens on 127.0.0.1 alone', async () => {
    for (const host of ['127.0.0.2', '[::1]']) {
      await expect(fetch(demo.url.replace('127.0.0.1', host)), host).rejects.toThrow('fetch failed')
    }
  })

  test('a port that is taken makes it take another, and guessing passwords is stopped', async () => {
    const { port } = new URL(demo.url)
    const other = await startDemo({ port: Number(port) })
    try {
      expect(new URL(other.url).port).not.toBe(port)
      expect(other).toMatchObject({
        isMoved: true,
        links: expect.arrayContaining([`${other.url}#scenario=tabs`]),
      })
      expect(demo.isMoved, 'any port was wished').toBe(false)
      const guess = (): Promise<Response> =>
        fetch(new URL('latchkey/headers/auth/login', other.url), { method: 'POST', body: '{}' })
      const statuses: number[] = []
      for (let index = 0; index < 11; index += 1) statuses.push((await guess()).status)
      expect(statuses).toEqual([...Array(10).fill(401), 429])
    } finally {
      await other.close()
    }
  })

  test('it prints the one address to open, and stops cleanly on Ctrl-C', async () => {
    const script = fileURLToPath(new URL('../../demo/server.mjs', import.meta.url))
    const child = spawn(process.execPath, [script], { env: { ...process.env, PORT: '0' } })
    const exited = once(child, 'exit')
    try {
      let printed = ''
      child.stdout.on('data', (chunk) => {
        printed += chunk
      })
      await expect.poll(() => printed, { timeout: 20_000 }).toContain('Ctrl-C')
      expect(printed.match(/http:\S+/g)).toHaveLength(1)
      child.kill('SIGINT')
      expect(await exited).toEqual([0, null])
    } finally {
      child.kill('SIGKILL')
    }
  })
})
