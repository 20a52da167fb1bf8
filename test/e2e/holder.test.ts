import { describe, expect, inject, test } from 'vitest'
import { createCheckpoint } from './support/checkpoint.js'
import { type ChromiumTab, crash, launchChromium } from './support/chromium.js'
import type { Tab } from './support/engine.js'
import { enginesInTurn } from './support/found-engines.js'
import { rendererOf } from './support/renderer.js'
import { getInAll, useWorkbench, type Workbench } from './support/workbench.js'

/** Brings `holder` to where it holds the lock and its refresh has reached the server, at one place or the other. */
async function untilHolding(
  bench: Workbench<never>,
  holder: Tab,
  place: 'beforeRotation' | 'afterRotation',
): Promise<{ held: Promise<string[]>; lose(): void }> {
  const checkpoint = createCheckpoint()
  bench.server.expire()
  bench.server.nextRefresh({
    [place]: checkpoint,
    lose: place === 'beforeRotation' ? 'request' : 'reply',
  })
  const held = holder.call('get', 1).catch(() => [])
  await checkpoint.reached
  return { held, lose: checkpoint.open }
}

describe.each(enginesInTurn(inject('engines')))('%s', (_, launch) => {
  const bench = useWorkbench(launch)

  test('the holder is closed before the server has seen its request: the others go on at once', async () => {
    const server = await bench.start()
    const [holder, ...others] = (await bench.openSignedIn(4)) as [Tab, ...Tab[]]
    const { lose } = await untilHolding(bench as never, holder, 'beforeRotation')
    await holder.close()
    lose()
    expect((await getInAll(others, 2)).flat()).toEqual(Array.from({ length: 6 }, () => 'ada'))
    expect(server.counters).toMatchObject({ refreshes: 1, refreshesRefused: 0, spentTokensReceived: 0 })
  })

  test('the holder is closed after the rotation: a server with a grace window loses nobody', async () => {
    const server = await bench.start({ graceMs: 30_000 })
    const [holder, ...others] = (await bench.openSignedIn(4)) as [Tab, ...Tab[]]
    const { lose } = await untilHolding(bench as never, holder, 'afterRotation')
    await holder.close()
    lose()
    expect((await getInAll(others, 2)).flat()).toEqual(Array.from({ length: 6 }, () => 'ada'))
    expect(server.counters).toMatchObject({ refreshes: 2, refreshesRefused: 0, spentTokensReceived: 1 })
  })
})

describe('Chromium alone, for the others let no test crash or stop one tab of many', () => {
  const bench = useWorkbench(() => launchChromium(inject('engines').chromium))

  const open = (refreshTimeoutMs = 60_000): Promise<[ChromiumTab, ...ChromiumTab[]]> =>
    bench.openSignedIn(5, { refreshTimeoutMs }) as never

  test('the holder crashes before the server has seen its request: the others go on at once', async () => {
    const server = await bench.start()
    const [holder, ...others] = await open()
    const { lose } = await untilHolding(bench as never, holder, 'beforeRotation')
    await crash(holder)
    lose()
    expect((await getInAll(others, 2)).flat()).toEqual(Array.from({ length: 8 }, () => 'ada'))
    expect(server.counters).toMatchObject({ refreshes: 1, refreshesRefused: 0, spentTokensReceived: 0 })
  })

  test('the holder is stopped before the server has seen its request: one of the others steals the lock meanwhile, and when the holder wakes it adopts', async () => {
    const server = await bench.start()
    const [holder, ...others] = await open()
    const pid = await rendererOf(holder.page)
    const { held, lose } = await untilHolding(bench as never, holder, 'beforeRotation')
    process.kill(pid, 'SIGSTOP')
    try {
      lose()
      expect((await getInAll(others, 2)).flat()).toEqual(Array.from({ length: 8 }, () => 'ada'))
      expect(server.counters).toMatchObject({ refreshes: 1, spentTokensReceived: 0 })
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    expect(await held).toEqual(['ada'])
    expect(await holder.call('told')).toMatchObject({ adopted: 1 })
    expect(server.counters).toMatchObject({ refreshes: 1, refreshesRefused: 0, spentTokensReceived: 0 })
  })

  test('the holder is stopped with the reply on its way: woken, it does not write over what the thief brought', async () => {
    const server = await bench.start({ graceMs: 30_000 })
    const [holder, ...others] = await open()
    const pid = await rendererOf(holder.page)
    const rotated = createCheckpoint()
    server.expire()
    server.nextRefresh({ afterRotation: rotated })
    const held = holder.call('get', 1)
    await rotated.reached
    process.kill(pid, 'SIGSTOP')
    try {
      rotated.open()
      expect((await getInAll(others, 2)).flat()).toEqual(Array.from({ length: 8 }, () => 'ada'))
      expect(server.counters).toMatchObject({ refreshes: 2, spentTokensReceived: 1 })
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    expect(await held).toEqual(['ada'])
    const kept = await Promise.all([holder, ...others].map((tab) => tab.call('keeps')))
    expect(new Set(kept).size).toBe(1)
    server.expire()
    expect((await getInAll([holder, ...others], 1)).flat()).toEqual(Array.from({ length: 5 }, () => 'ada'))
    expect(server.counters).toMatchObject({ refreshes: 3, spentTokensReceived: 1, familiesRevoked: 0 })
  })

  test('the holder is stopped between its look at the store and its request: woken, it looks again before it sends', async () => {
    const server = await bench.start()
    const options = { store: 'slow', refreshTimeoutMs: 60_000 } as const
    const [holder, ...others] = (await bench.openSignedIn(3, options)) as [ChromiumTab, ...ChromiumTab[]]
    const pid = await rendererOf(holder.page)
    await holder.call('slowDown', 1500)
    server.expire()
    const held = holder.call('get', 1)
    await holder.call('hasRead')
    process.kill(pid, 'SIGSTOP')
    try {
      expect(await getInAll(others, 1)).toEqual([['ada'], ['ada']])
      expect(server.counters).toMatchObject({ refreshes: 1, spentTokensReceived: 0 })
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    expect(await held).toEqual(['ada'])
    expect(server.counters).toMatchObject({ refreshes: 1, refreshesRefused: 0, spentTokensReceived: 0 })
  })
})
