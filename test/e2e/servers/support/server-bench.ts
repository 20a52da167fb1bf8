import { afterAll, afterEach, beforeAll, beforeEach, inject } from 'vitest'
import { bundle } from '../../support/bundle.js'
import { type ChromiumEngine, type ChromiumTab, launchChromium } from '../../support/chromium.js'
import { type Backend, type Backing, noneYet, type Stage, startBackend } from './backend.js'
import { startPageServer } from './page-server.js'

/** One Chromium for the tests of a file; for each of them a server, and pages of another origin that sign in to it. */
export interface ServerBench<B extends Backing = Backing> {
  readonly server: Backend<B>
  readonly engine: ChromiumEngine
  /** Opens the page, which learns from its URL where its server is. */
  open(): Promise<ChromiumTab>
  /** A tab where `ada` is signed in. Her access token lives so long; all that follow live long. */
  openSignedIn(lifetimeS?: number): Promise<ChromiumTab>
}

export function useServer<B extends Backing>(
  page: string,
  create: (stage: Stage) => B,
  signIn: (tab: ChromiumTab, user: string) => Promise<void> = (tab, user) => tab.call('signIn', user),
): ServerBench<B> {
  let script: string
  let engine: ChromiumEngine | undefined
  let pages: Awaited<ReturnType<typeof startPageServer>> | undefined
  let server: Backend<B> | undefined

  beforeAll(async () => {
    ;[script, engine] = await Promise.all([
      bundle(`../servers/support/${page}`),
      launchChromium(inject('engines').chromium),
    ])
  })
  afterAll(() => engine?.close())
  beforeEach(async () => {
    pages = await startPageServer(script)
    server = await startBackend(create, pages.origin)
  })
  afterEach(async () => {
    await engine?.closeTabs()
    // Cookies know no ports: the next server would get those of this one.
    await engine?.context.clearCookies()
    await Promise.all([pages?.close(), server?.close()])
  })

  const bench: ServerBench<B> = {
    get server() {
      if (!server) throw new Error('The server is started before each test')
      return server
    },
    get engine() {
      if (!engine) throw new Error('The browser is launched before the first test')
      return engine
    },
    open: () => bench.engine.open(`${pages?.origin}/?server=${bench.server.url}`) as Promise<ChromiumTab>,
    async openSignedIn(lifetimeS = 600) {
      const tab = await bench.open()
      bench.server.lifetimeS = lifetimeS
      await signIn(tab, 'ada')
      bench.server.lifetimeS = 600
      // What a page asks before anybody signs in does not count.
      Object.assign(bench.server.counters, noneYet)
      return tab
    },
  }
  return bench
}
