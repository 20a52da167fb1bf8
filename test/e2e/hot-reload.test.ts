import { describe, expect, inject, test } from 'vitest'
import { createCheckpoint } from './support/checkpoint.js'
import type { Tab } from './support/engine.js'
import { enginesInTurn } from './support/found-engines.js'
import { eventually, useWorkbench } from './support/workbench.js'

describe.each(enginesInTurn(inject('engines')))('%s', (_, launch) => {
  const bench = useWorkbench(launch)

  describe.each(['indexeddb', 'local'] as const)('a page with the store %s', (store) => {
    test.each(['beforeRotation', 'afterRotation'] as const)(
      'whose session is disposed of and begun again in mid-refresh (%s): the user stays, and nothing is spent twice',
      async (place) => {
        const server = await bench.start()
        const [tab] = (await bench.openSignedIn(1, { store })) as [Tab]
        const checkpoint = createCheckpoint()
        server.expire()
        server.nextRefresh({ [place]: checkpoint })
        const early = tab.call('get', 1)
        await checkpoint.reached
        await tab.call('beginAgain')
        expect(await early, 'the callers of the old session are let go').toEqual(['401'])
        const late = tab.call('get', 2)
        await eventually(() => server.counters.refused).toBe(3)
        checkpoint.open()
        expect(await late).toEqual(['ada', 'ada'])
        expect(await tab.call('status')).toBe('signed-in')
        expect(server.counters).toMatchObject({ refreshes: 1, refreshesRefused: 0, spentTokensReceived: 0 })

        server.expire()
        expect(await tab.call('get', 2)).toEqual(['ada', 'ada'])
        expect(server.counters).toMatchObject({ refreshes: 2, refreshesRefused: 0, spentTokensReceived: 0 })
      },
    )
  })
})
