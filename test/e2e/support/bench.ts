import { afterAll, afterEach, beforeAll } from 'vitest'
import type { Engine } from './engine.js'

/** A browser for the tests of one `describe`, scripts that are bundled once, and a server that each test starts for itself. */
export interface Bench<E extends Engine, Server, Scripts> {
  readonly engine: E
  readonly server: Server
  readonly scripts: Scripts
  /** The server of this test, to be closed after it. */
  serve(starting: Promise<Server>): Promise<Server>
}

export function useBench<E extends Engine, Server extends { close(): Promise<unknown> }, Scripts>(
  launch: () => Promise<E>,
  bundleScripts: () => Promise<Scripts>,
): Bench<E, Server, Scripts> {
  let engine: E | undefined
  let scripts: Scripts | undefined
  let server: Server | undefined

  beforeAll(async () => {
    ;[scripts, engine] = await Promise.all([bundleScripts(), launch()])
  })
  afterAll(() => engine?.close())
  afterEach(async () => {
    await engine?.closeTabs()
    await server?.close()
    server = undefined
  })

  return {
    get engine() {
      if (!engine) throw new Error('The browser is launched before the first test')
      return engine
    },
    get server() {
      if (!server) throw new Error('The test has started no server')
      return server
    },
    get scripts() {
      if (scripts === undefined) throw new Error('The scripts are bundled before the first test')
      return scripts
    },
    async serve(starting) {
      server = await starting
      return server
    },
  }
}
