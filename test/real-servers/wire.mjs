import { createServer, request } from 'node:http'

/**
 * What lies between the library and a server: it counts the refreshes, and it breaks.
 *
 * @typedef {object} Wire
 * @property {string} url
 * @property {'up' | 'down' | 'busy'} state `down` drops every connection, `busy` answers 503
 * @property {boolean} losesNextRefresh the server gets the next refresh, and its reply is lost
 * @property {number} refreshes
 * @property {number} refreshesAnswered with a status below 300
 * @property {() => void} reset
 * @property {() => Promise<void>} close
 */

/**
 * @param {number} port of the server
 * @param {string} refreshPath
 * @returns {Promise<Wire>}
 */
export async function openWire(port, refreshPath) {
  const proxy = createServer((incoming, outgoing) => {
    const isRefresh = (incoming.url ?? '').split('?')[0] === refreshPath
    if (isRefresh) wire.refreshes++
    if (wire.state === 'down') {
      incoming.socket.destroy()
      return
    }
    if (wire.state === 'busy') {
      outgoing.writeHead(503).end()
      return
    }
    const { method, url: path, headers } = incoming
    const onward = request({ host: '127.0.0.1', port, method, path, headers }, (reply) => {
      if (isRefresh && (reply.statusCode ?? 500) < 300) wire.refreshesAnswered++
      if (isRefresh && wire.losesNextRefresh) {
        wire.losesNextRefresh = false
        reply.resume()
        incoming.socket.destroy()
        return
      }
      outgoing.writeHead(reply.statusCode ?? 502, reply.headers)
      reply.pipe(outgoing)
    })
    onward.on('error', () => incoming.socket.destroy())
    incoming.pipe(onward)
  })
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', () => resolve(undefined)))
  const address = proxy.address()
  /** @type {Wire} */
  const wire = {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    state: 'up',
    losesNextRefresh: false,
    refreshes: 0,
    refreshesAnswered: 0,
    reset: () =>
      Object.assign(wire, { state: 'up', losesNextRefresh: false, refreshes: 0, refreshesAnswered: 0 }),
    close: () =>
      new Promise((resolve) => {
        proxy.close(() => resolve())
        proxy.closeAllConnections()
      }),
  }
  return wire
}
