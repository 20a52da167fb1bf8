import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { call, launch, open, pageFiles } from '../browser.mjs'
import bareAxios from '../peers/bare-axios.mjs'
import { axiosPeers } from '../peers/index.mjs'
import { startServer } from '../server.mjs'
import { lineOf } from '../summary.mjs'
import { fixed, tableOf } from '../table.mjs'

const requests = 100_000
const script = fileURLToPath(new URL('../heap-in-node.mjs', import.meta.url))

/** What is left on the heap after many requests that share one AbortSignal. */
export async function measureHeap() {
  const server = await startServer({ files: await pageFiles() })
  const browser = await launch()
  const rows = []
  const found = []
  for (const [key, { name }] of Object.entries({ bareAxios, ...axiosPeers })) {
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--expose-gc',
      script,
      key,
      String(requests),
    ])
    const inNode = JSON.parse(stdout)

    const context = await browser.newContext()
    const page = await open(context, server.origin, {
      peer: key,
      expiry: 'known',
      aheadMs: '0',
      noNetwork: '',
    })
    const cdp = await context.newCDPSession(page)
    const usedBytes = async () => {
      for (let time = 0; time < 3; time++) await cdp.send('HeapProfiler.collectGarbage')
      return (await cdp.send('Runtime.getHeapUsage')).usedSize
    }
    await call(page, 'signIn', server.signIn())
    await call(page, 'repeat', requests / 10)
    const before = await usedBytes()
    await call(page, 'repeat', requests)
    const grownInPage = (await usedBytes()) - before
    await context.close()

    found.push({ name, inNode: inNode.grownBytes / 1000, inPage: grownInPage / 1000 })
    const kB = (/** @type {number} */ bytes) => fixed(bytes / 1000, 0)
    rows.push([
      name,
      kB(inNode.grownBytes),
      inNode.listeners,
      inNode.failed > 0 ? `${inNode.failed} failed` : '',
      kB(grownInPage),
    ])
  }
  await browser.close()
  await server.close()
  const table = tableOf(
    [
      `Heap after ${requests.toLocaleString('en')} requests on one AbortSignal`,
      'Node, 1 in 10 held: kB more',
      'listeners left',
      '',
      'Chromium: kB more',
    ],
    rows,
  )
  const summary = [
    lineOf({
      figure: 'Heap, kB more after 100,000 requests on one signal, Node',
      digits: 0,
      found: found.map(({ name, inNode: value }) => ({ name, value })),
    }),
    lineOf({
      figure: 'the same in Chromium',
      digits: 0,
      found: found.map(({ name, inPage: value }) => ({ name, value })),
    }),
  ]
  return { tables: [table], summary }
}
