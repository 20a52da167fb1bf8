import { once } from 'node:events'

const loopback = '127.0.0.1'
const portsToTry = 20

/** Listens on loopback, on the wished port or the next free one, and returns the port. 0 means any. */
export async function listen(server, wishedPort) {
  for (let port = wishedPort; ; port += 1) {
    server.listen(port, loopback)
    try {
      await once(server, 'listening')
      return server.address().port
    } catch (error) {
      const next = port + 1
      if (error.code !== 'EADDRINUSE' || next >= wishedPort + portsToTry || next > 65_535) throw error
    }
  }
}
