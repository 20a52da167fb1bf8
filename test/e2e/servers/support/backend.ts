import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Counters {
  /** Calls of the API that were answered, and that were refused. */
  answered: number
  refused: number
  /** Calls of the refresh endpoint that brought an access token, and all others. */
  refreshes: number
  refreshesRefused: number
  /** Sign-outs that the server was told of. */
  signOuts: number
}

export const noneYet: Readonly<Counters> = {
  answered: 0,
  refused: 0,
  refreshes: 0,
  refreshesRefused: 0,
  signOuts: 0,
}

/** What a server and its test have in common. */
export interface Stage {
  /** Where the pages come from: another origin than the server's. */
  readonly pageOrigin: string
  readonly counters: Counters
  /** The life of the access tokens that are issued from now on. */
  lifetimeS: number
}

/** A server, its database included, which outlives its restarts. */
export interface Backing {
  /** Port 0 is any that is free. */
  listen(port: number): Promise<Listening>
  /** Takes all that keeps a user signed in out of the database. */
  revoke(user: string): void | Promise<void>
  close?(): void
}

export interface Listening {
  readonly port: number
  close(): Promise<void>
}

/** A real server on 127.0.0.1 that can be stopped and started again on the same port. */
export interface Backend<B extends Backing = Backing> extends Stage {
  readonly backing: B
  readonly url: string
  stop(): Promise<void>
  startAgain(): Promise<void>
  close(): Promise<void>
}

export async function startBackend<B extends Backing>(
  create: (stage: Stage) => B,
  pageOrigin: string,
): Promise<Backend<B>> {
  const stage: Stage = {
    pageOrigin,
    counters: { ...noneYet },
    lifetimeS: 600,
  }
  const backing = create(stage)
  const { port, ...first } = await backing.listen(0)
  let running: { close(): Promise<void> } | undefined = first
  const stop = async (): Promise<void> => {
    await running?.close()
    running = undefined
  }
  return Object.assign(stage, {
    backing,
    url: `http://127.0.0.1:${port}`,
    stop,
    async startAgain() {
      running = await backing.listen(port)
    },
    async close() {
      await stop()
      backing.close?.()
    },
  })
}

export async function listen(listener: RequestListener, port: number): Promise<Listening> {
  const server = createServer(listener)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return listening(server)
}

export const listening = (server: Server): Listening => ({
  port: (server.address() as AddressInfo).port,
  close: () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    }),
})
