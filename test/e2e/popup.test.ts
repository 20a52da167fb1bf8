import { describe, expect, inject, test } from 'vitest'
import { enginesInTurn } from './support/found-engines.js'
import { pageUrl } from './support/page-options.js'
import { eventually, useWorkbench } from './support/workbench.js'

/** WebKit blocks windows that no press of a key or button opens. */
const engines = enginesInTurn(inject('engines')).filter(([name]) => name !== 'WebKit')

describe.each(engines)('%s', (_, launch) => {
  const bench = useWorkbench(launch)

  test.each(['indexeddb', 'local'] as const)(
    'a popup that signs its user in and closes in the same turn signs in the page that opened it, store %s',
    async (store) => {
      const server = await bench.start()
      const opener = await bench.open({ store })
      expect(await opener.call('status')).toBe('signed-out: none')
      expect(await opener.call('openPopup', pageUrl(server.url, { store, role: 'popup' }))).toBe(true)
      await eventually(() => opener.call('status')).toBe('signed-in')
      expect(await opener.call('get', 1)).toEqual(['ada'])
      expect(await opener.call('told')).toEqual({ 'signed-in': 1 })
      server.expire()
      expect(await opener.call('get', 2)).toEqual(['ada', 'ada'])
      expect(server.counters).toMatchObject({ refreshes: 1, refreshesRefused: 0, spentTokensReceived: 0 })
    },
  )
})
