import { describe, expect, test } from 'vitest'
import { connectionOf } from '../../src/http/connection.js'
import { answerRefreshes } from '../../src/service-worker/answer-refreshes.js'
import { deferred } from '../support/deferred.js'
import { misconfigured, refreshed, unavailable } from '../support/fake-endpoint.js'
import { type FakeTab, openSignedInTab } from '../support/fake-tab.js'
import { createFakeWorker } from '../support/fake-worker.js'
import { portsDelivered } from '../support/ports-delivered.js'

async function start() {
  const tab = await openSignedInTab()
  const worker = createFakeWorker()
  answerRefreshes(worker, tab.session, connectionOf(tab.session))
  return { tab, worker, ask: (given: object = {}) => ask(tab, worker, given) }
}

/** Asks for a refresh of the tokens in hand, and gathers the answers. */
function ask({ source }: FakeTab, worker: ReturnType<typeof createFakeWorker>, given: object) {
  const { port1, port2 } = new MessageChannel()
  const answers: { type: string; code?: string; status?: number }[] = []
  port1.onmessage = ({ data }) => void answers.push(data)
  const { session, generation } = source.record ?? {}
  const ended = worker.post({ latchkey: 'refresh', v: 1, session, generation, ...given }, port2)
  return { answers, ended: ended.then(portsDelivered).then(() => port1.close()) }
}

describe('a worker that is asked for a refresh', () => {
  test('says at once that it is at work, and when it is done', async () => {
    const { tab, ask } = await start()
    const { answers, ended } = ask()
    await ended
    expect(answers).toEqual([{ type: 'alive' }, { type: 'done' }])
    expect(tab.endpoint.calls).toHaveLength(1)
    expect(tab.source.record?.generation).toBe(2)
  })

  test('says that it is at work for as long as it is', async () => {
    const { tab, ask } = await start()
    const reply = deferred<ReturnType<typeof refreshed>>()
    tab.endpoint.answers(reply.promise)
    const { answers, ended } = ask()
    await portsDelivered()
    await tab.clock.advance(950)
    await portsDelivered()
    expect(answers).toEqual(Array.from({ length: 4 }, () => ({ type: 'alive' })))
    reply.resolve(refreshed('access-2', 'refresh-2'))
    await ended
    expect(answers.at(-1)).toEqual({ type: 'done' })
  })

  test('refreshes once for all who ask', async () => {
    const { tab, ask } = await start()
    const all = Array.from({ length: 5 }, () => ask())
    await Promise.all(all.map(({ ended }) => ended))
    expect(tab.endpoint.calls).toHaveLength(1)
    for (const { answers } of all) expect(answers.at(-1)).toEqual({ type: 'done' })
  })

  test('refreshes nothing where it has newer tokens: a page that asks late adopts those', async () => {
    const { tab, ask } = await start()
    await tab.session.refresh()
    const { answers, ended } = ask({ generation: 1 })
    await ended
    expect(answers.at(-1)).toEqual({ type: 'done' })
    expect(tab.endpoint.calls).toHaveLength(1)
  })

  test("says nothing of another user's session", async () => {
    const { tab, ask } = await start()
    const { answers, ended } = ask({ session: 'another' })
    await ended
    expect(answers).toEqual([])
    expect(tab.endpoint.calls).toEqual([])
  })

  test('says how a refresh failed that may succeed later, and lives until its flight has ended', async () => {
    const { tab, ask } = await start()
    tab.endpoint.always(unavailable())
    const { answers, ended } = ask()
    await portsDelivered()
    await tab.clock.advance(20_000)
    await ended
    expect(answers.at(-1)).toMatchObject({ type: 'failed', code: 'REFRESH_FAILED', status: 503 })
    expect(tab.session.state).toMatchObject({ status: 'signed-in', refreshing: false })
  })

  test('leaves to the page what is wrong with the set-up, which may be right there', async () => {
    const { tab, ask } = await start()
    tab.endpoint.answers(misconfigured)
    const { answers, ended } = ask()
    await ended
    expect(answers.at(-1)).toEqual({ type: 'done' })
  })

  test.each([
    ['nothing', undefined],
    ['a text', 'refresh'],
    ['a message of the app', { type: 'SKIP_WAITING' }],
    ['another version', { latchkey: 'refresh', v: 2, session: 'one', generation: 1 }],
    ['no session', { latchkey: 'refresh', v: 1, generation: 1 }],
    ['no generation', { latchkey: 'refresh', v: 1, session: 'one' }],
  ])('leaves alone what is none of its messages: %s', async (_, data) => {
    const { tab, worker } = await start()
    await worker.post(data, new MessageChannel().port2)
    expect(worker.kept).toEqual([])
    expect(tab.endpoint.calls).toEqual([])
  })

  test('leaves alone a message that nobody waits for an answer to', async () => {
    const { tab, worker } = await start()
    const { session, generation } = tab.source.record ?? {}
    await worker.post({ latchkey: 'refresh', v: 1, session, generation })
    expect(tab.endpoint.calls).toEqual([])
  })
})
