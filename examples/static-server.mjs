import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'

const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

/**
 * Serves the files of a directory, further files by name, and an API, on one port of this machine.
 *
 * @param {{ directory: string, files?: Record<string, string>, api: { handle: import('vite').Connect.NextHandleFunction } }} what
 * @returns {Promise<{ url: string, close(): Promise<void> }>}
 */
export async function startStaticServer({ directory, files = {}, api }, port = 0) {
  const server = createServer((request, response) => {
    api.handle(request, response, async () => {
      const name = new URL(request.url ?? '/', 'http://server').pathname.slice(1) || 'index.html'
      const path = Object.hasOwn(files, name) ? files[name] : join(directory, name)
      const content = await readFile(/** @type {string} */ (path)).catch(() => undefined)
      const type = types[/** @type {keyof typeof types} */ (extname(name))] ?? 'application/octet-stream'
      response.writeHead(content ? 200 : 404, { 'Content-Type': type }).end(content)
    })
  })
  await new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(undefined)))
  const address = /** @type {import('node:net').AddressInfo} */ (server.address())
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
