// What runs in the tab whose requests are looked at on the wire.
import axios, { type AxiosInstance } from 'axios'
import { withSession } from '../../../src/axios.js'
import { withSession as withFetch } from '../../../src/fetch.js'
import { createSession, memoryStore } from '../../../src/index.js'
import { headerPair } from '../../../src/servers.js'
import type { WireCase } from './wire-cases.js'

export interface Batch {
  cases: readonly WireCase[]
  /** Two of axios; alone is `latchkey/fetch`, where only the URL counts. */
  adapter: 'xhr' | 'fetch' | 'fetch alone'
  /** Told to the server with each request, before the case's number. */
  run: string
}

export interface WireSetup {
  accessToken: string
  refreshToken: string
  refresh: string
  allowedOrigins: string[]
}

async function openWire({ accessToken, refreshToken, refresh, allowedOrigins }: WireSetup) {
  const session = createSession({
    refresh: headerPair({ url: refresh }),
    allowedOrigins,
    store: memoryStore(),
  })
  await session.setTokens({ accessToken, refreshToken })
  const api = withFetch(fetch, session)
  const instances = new Map<string | undefined, AxiosInstance>()

  function instanceFor(baseURL: string | undefined): AxiosInstance {
    const known = instances.get(baseURL)
    if (known) return known
    const instance = withSession(axios.create(baseURL === undefined ? {} : { baseURL }), session)
    instances.set(baseURL, instance)
    return instance
  }

  /** Sends a batch at one instant, and waits until all of it has come to something. */
  return async ({ cases, adapter, run }: Batch): Promise<void> => {
    const sent = cases.map(async ({ id, ownBase, ...config }) => {
      const headers = { 'X-Case': `${run}-${id}` }
      if (adapter === 'fetch alone') {
        await api(config.url, { headers, signal: AbortSignal.timeout(10_000) })
        return
      }
      await instanceFor(ownBase).request({ ...config, adapter, headers, timeout: 10_000 })
    })
    await Promise.allSettled(sent)
  }
}

declare global {
  interface Window {
    openWire: typeof openWire
    sendBatch: Awaited<ReturnType<typeof openWire>>
  }
}
window.openWire = openWire
