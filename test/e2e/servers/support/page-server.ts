import { listen } from './backend.js'

/** The app's own origin: one page and its script, whatever the path. */
export async function startPageServer(script: string): Promise<{ origin: string; close(): Promise<void> }> {
  const { port, close } = await listen(({ url }, response) => {
    const [type, body] =
      url === '/page.js'
        ? ['text/javascript', script]
        : [
            'text/html',
            '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>',
          ]
    response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8` }).end(body)
  }, 0)
  return { origin: `http://127.0.0.1:${port}`, close }
}
