import { describe, expect, inject, test } from 'vitest'
import { createCheckpoint } from './support/checkpoint.js'
import { foundEngines } from './support/found-engines.js'
import { eventually, useWorkbench } from './support/workbench.js'

/** Opaque tokens say nothing of their user. */
const options = { store: 'memory', send: 'cookie at start' } as const

describe.each(foundEngines(inject('engines')))('%s', (_, launch) => {
  const bench = useWorkbench(launch)

  test('tabs that share a cookie and no store: what one user asked for is not done as another, who signed in elsewhere', async () => {
    const server = await bench.start()
    const tab = await bench.open(options)
    await tab.call('signIn', 'alice')
    server.expire()
    const checkpoint = createCheckpoint()
    server.nextCall(checkpoint)
    const transfer = tab.call('post', '/api/transfer?from=alice')
    await checkpoint.reached
    const other = await bench.open(options)
    await other.call('signIn', 'bob')
    await eventually(() => tab.call('get', 1)).toEqual(['bob'])
    checkpoint.open()
    expect(await transfer).toBe('401')
    expect(server.done.filter((call) => call.includes('transfer'))).toEqual([])
    expect(server.counters).toMatchObject({ spentTokensReceived: 0, familiesRevoked: 0 })
  })

  test('tabs that share a cookie and no store: a sign-out in one tab reaches the others', async () => {
    await bench.start()
    const tab = await bench.open(options)
    await tab.call('signIn', 'alice')
    const other = await bench.open(options)
    expect(await other.call('get', 1)).toEqual(['alice'])
    await other.call('signOut')
    await eventually(() => tab.call('status')).toBe('signed-out: signed-out')
    expect(await tab.call('get', 1)).toEqual(['401'])
  })
})
