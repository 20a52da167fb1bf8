import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname } from 'node:path'
import { built } from '../places.mjs'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.md': 'text/markdown; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.xml': 'application/xml',
}

/** Where the site was built to stand: its start page names its icon by the base path, and the sitemap has the origin. */
export const base = /href="([^"]*)key\.svg"/.exec(readFileSync(`${built}index.html`, 'utf8'))?.[1] ?? '/'
export const origin = new URL(
  /<loc>([^<]+)/.exec(readFileSync(`${built}sitemap.xml`, 'utf8'))?.[1] ?? 'none:',
).origin

/** The file that a static host like GitHub Pages answers with, or `undefined` where it has none. */
export function fileAt(pathname: string, folder = built, root = base): string | undefined {
  if (!pathname.startsWith(root)) return undefined
  const path = `${folder}${decodeURIComponent(pathname.slice(root.length))}`
  const candidates = path.endsWith('/') ? [`${path}index.html`] : [path, `${path}.html`, `${path}/index.html`]
  return candidates.find((file) => existsSync(file) && statSync(file).isFile())
}

/** Serves the built site in its sub-folder, or another site. */
export async function serve(folder = built, root = base): Promise<{ url: string; close(): void }> {
  const server = createServer(({ url = '/' }, response) => {
    const file = fileAt(new URL(url, 'http://site').pathname, folder, root)
    response.writeHead(file ? 200 : 404, {
      'content-type': types[extname(file ?? '.html')] ?? 'application/octet-stream',
    })
    response.end(readFileSync(file ?? `${folder}404.html`))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${root}`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
